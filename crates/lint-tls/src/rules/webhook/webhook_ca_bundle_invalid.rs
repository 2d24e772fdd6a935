use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};
use careen_text::{Span, decode_base64};
use careen_yaml::Node;

use crate::Check;
use crate::webhooks::{Callee, KINDS, injector};

rule! {
    /// The API server cannot take a certificate out of the bundle, so it trusts nobody and every
    /// call fails: with `failurePolicy: Fail` nothing that the webhook watches can be created any
    /// more. `Cg==` (a line break) and the like are placeholders of generators that somebody was
    /// to replace.
    ///
    /// A placeholder is fine where an annotation makes a controller write the bundle. The finding is
    /// low for the name of a variable, such as `CA_BUNDLE`, which a script replaces.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: Cg==
    /// #             ^^^^ `caBundle` of webhook `a.shop.example` of MutatingWebhookConfiguration `orders` is a placeholder
    /// - name: b.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${ca.der|base64}
    /// #   ^^^^^^^^ `caBundle` of webhook `b.shop.example` of MutatingWebhookConfiguration `orders` holds DER, not PEM
    /// - name: c.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: "not/base64!"
    /// #             ^^^^^^^^^^^^^ `caBundle` of webhook `c.shop.example` of MutatingWebhookConfiguration `orders` is not base64
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${ca.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: MutatingWebhookConfiguration
    /// metadata:
    ///   name: orders
    ///   annotations: {cert-manager.io/inject-ca-from: shop/orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: Cg==
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-ca-bundle-invalid",
        summary: "CA bundle of a webhook holds no certificate",
        remedy: "Write the base64 of the CA's certificate in PEM into `caBundle`.",
        severity: High,
        check: Check::Kind(KINDS, check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook",
        ],
    }
}

/// A certificate takes more than this many characters.
const PLACEHOLDER: usize = 64;

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let is_injected = injector(object.view).is_some();
    for callee in Callee::of(object) {
        let Some((text, node)) = callee.ca_bundle() else { continue };
        if text.contains(['$', '{', '<']) {
            continue;
        }
        let place = callee.display();
        let problem = match callee.authorities() {
            Some(bundle) if bundle.layers > 1 => "is encoded twice",
            Some(bundle) if bundle.layers == 0 => "is PEM as it is, not the base64 of it",
            Some(bundle) if bundle.certificates().next().is_some() => {
                let is_text = bundle.material.items.iter().any(|item| !item.label.is_empty());
                if is_text {
                    continue;
                }
                "holds DER, not PEM"
            }
            Some(_) => "holds no certificate",
            None if text.len() < PLACEHOLDER && is_base64(text) => {
                if is_injected {
                    continue;
                }
                "is a placeholder"
            }
            None if is_variable(text) => "is a placeholder",
            None => match node.derived().map(|derived| decode_base64(&derived).is_ok()) {
                Some(true) => "holds no certificate",
                _ => "is not base64",
            },
        };
        // Where the value is long, its key shows the place as well.
        let span = if text.len() < PLACEHOLDER { node.span() } else { key(callee.config) };
        let finding = out.report(span, format!("`caBundle` of {place} {problem}"));
        if is_injected || is_variable(text) {
            finding.severity(Severity::Low);
        }
    }
}

/// Whether the text is the name of a variable that a script puts the bundle in for: `CA_BUNDLE`.
fn is_variable(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() < PLACEHOLDER && text.contains('_') && text.bytes().all(sign)
}

fn key(config: Node<'_>) -> Span {
    config.entry("caBundle").map_or_else(|| config.span(), |entry| entry.key.span())
}

/// Whether the text is made of the characters of base64.
fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

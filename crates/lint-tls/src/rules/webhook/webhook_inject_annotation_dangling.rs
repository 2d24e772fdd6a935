use careen_kube_model::ObjectView;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::names::Shown;
use crate::provided::Provided;
use crate::webhooks::{KINDS, injector};

rule! {
    /// cert-manager's CA injector takes the CA from the Certificate or Secret that the annotation
    /// names. If there is none of that name, `caBundle` stays empty and every call of the webhook
    /// fails; the injector only logs it. Names are written as `namespace/name`, and a Secret must
    /// carry `cert-manager.io/allow-direct-injection: "true"`.
    ///
    /// It is judged where the repository has Certificates, or Secrets, of its own.
    ///
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: orders
    ///   annotations:
    ///     cert-manager.io/inject-ca-from: shop/order-webhook
    /// #                                   ^^^^^^^^^^^^^^^^^^ ValidatingWebhookConfiguration `orders` takes its CA from Certificate `shop/order-webhook`, which is not here
    /// webhooks: []
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: orders-webhook, namespace: shop}
    /// spec: {secretName: orders-tls, dnsNames: [orders.shop.svc], issuerRef: {name: ca}}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: orders
    ///   annotations:
    ///     cert-manager.io/inject-ca-from: orders-webhook
    /// #                                   ^^^^^^^^^^^^^^ ValidatingWebhookConfiguration `orders` takes its CA from `orders-webhook`, which is not of the form `namespace/name`
    /// webhooks: []
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: orders
    ///   annotations:
    ///     cert-manager.io/inject-ca-from: shop/orders-webhook
    /// webhooks: []
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: orders-webhook, namespace: shop}
    /// spec: {secretName: orders-tls, dnsNames: [orders.shop.svc], issuerRef: {name: ca}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-inject-annotation-dangling",
        summary: "annotation for the CA injector names nothing in the repository",
        remedy: "Name an existing Certificate or Secret as `namespace/name`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/concepts/ca-injector/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for object in KINDS.iter().flat_map(|kind| snapshot.of_kind(kind)) {
        let Some((annotation, value, node)) = injector(object.view) else { continue };
        let kind = match annotation.rsplit('/').next() {
            Some("inject-ca-from") => "Certificate",
            Some("inject-ca-from-secret") => "Secret",
            _ => continue,
        };
        if value.contains(['$', '{', '<']) || value.bytes().any(|byte| byte.is_ascii_uppercase()) {
            continue;
        }
        let view = object.view.display();
        let message = match value.split_once('/') {
            Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() => {
                if is_here(snapshot, kind, namespace, name) {
                    continue;
                }
                let value = Shown(value);
                format!("{view} takes its CA from {kind} `{value}`, which is not here")
            }
            _ => format!(
                "{view} takes its CA from `{}`, which is not of the form `namespace/name`",
                Shown(value)
            ),
        };
        let finding = out.report(object.source(), node.span(), message);
        finding.object(object.path()).field("metadata.annotations").evidence(value);
    }
}

/// Whether the repository has the object, or nothing of its kind at all.
fn is_here(snapshot: &Snapshot, kind: &str, namespace: &str, name: &str) -> bool {
    let ours = |view: ObjectView<'_>| {
        kind == "Secret"
            || view.group().ends_with("cert-manager.io")
            || view.group() == "certmanager.k8s.io"
    };
    let has_kind = snapshot.of_kind(kind).any(|object| ours(object.view));
    !has_kind
        || snapshot.named(kind, Some(namespace), name).any(|object| ours(object.view))
        || (kind == "Secret" && Provided::of(snapshot).has(name, Some(namespace)))
}

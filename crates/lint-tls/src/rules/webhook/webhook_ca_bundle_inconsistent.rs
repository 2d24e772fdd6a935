use std::collections::BTreeSet;

use careen_model::{Bundle, Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::webhooks::{Callee, KINDS, injector};

rule! {
    /// The webhooks of one configuration that call the same Service see the same certificate, so
    /// they need the same CA. Where their bundles differ, one was updated and another forgotten:
    /// some requests pass and others fail.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: Shop CA 1, not_after: 5y}
    /// new: {ca: true, common_name: Shop CA 2, not_after: 5y}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${new.crt|base64}
    /// - name: b.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${old.crt|base64}
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `caBundle` of webhook `b.shop.example` of ValidatingWebhookConfiguration `orders` is another than that of webhook `a.shop.example`, which calls the same Service
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${new.crt|base64}
    /// - name: b.shop.example
    ///   clientConfig:
    ///     service: {name: other, namespace: shop}
    ///     caBundle: ${old.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-ca-bundle-inconsistent",
        summary: "webhooks of one Service carry different CA bundles",
        remedy: "Give all webhooks that call the same Service the same `caBundle`.",
        severity: Medium,
        check: Check::Kind(KINDS, check),
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/concepts/ca-injector/"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    if injector(object.view).is_some() {
        return;
    }
    let callees: Vec<_> = Callee::of(object)
        .into_iter()
        .filter_map(|callee| Some((callee.service()?, callee.authorities()?, callee)))
        .collect();
    for (at, (service, bundle, callee)) in callees.iter().enumerate() {
        let Some((node, own)) =
            bundle.certificates().next().map(|(item, _)| (item, prints(bundle)))
        else {
            continue;
        };
        // The first of a Service is what the others are held against.
        let first = callees.iter().take(at).find(|(other, ..)| other == service);
        let Some((_, other, first)) = first else { continue };
        let theirs = prints(other);
        if !theirs.is_empty() && own != theirs {
            let message = format!(
                "`caBundle` of {} is another than that of webhook `{}`, which calls the same Service",
                callee.display(),
                crate::names::Shown(first.name.unwrap_or_default())
            );
            let words = "the bundle of the first webhook";
            let source = object.source();
            let place = other.certificates().next().map(|(item, _)| item.place);
            let finding = out.report(node.place, message);
            finding.evidence(callee.name.unwrap_or_default());
            finding.related(source, place.unwrap_or(other.span), words);
        }
    }
}

fn prints(bundle: &Bundle) -> BTreeSet<[u8; 32]> {
    bundle.certificates().map(|(_, certificate)| certificate.sha256).collect()
}

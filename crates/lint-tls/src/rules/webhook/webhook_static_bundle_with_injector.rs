use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::webhooks::{Callee, KINDS, injector};

rule! {
    /// The annotation lets a controller write `caBundle`, and the manifest writes it too. Whoever
    /// applies the manifest next (Argo CD, Flux, `helm upgrade`) puts the old CA back until the
    /// controller notices, and both fight for ever. When the CA has been rotated, calls fail
    /// meanwhile.
    ///
    /// A placeholder such as `Cg==` is fine.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: orders
    ///   annotations: {cert-manager.io/inject-ca-from: shop/orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${ca.crt|base64}
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `caBundle` of webhook `a.shop.example` of ValidatingWebhookConfiguration `orders` is written out, though `cert-manager.io/inject-ca-from` has it injected
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
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
        id: "webhook-static-bundle-with-injector",
        summary: "CA bundle is written out and injected as well",
        remedy: "Remove `caBundle` from the manifest, and tell the deployment tool to ignore the field.",
        severity: Medium,
        check: Check::Kind(KINDS, check),
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/concepts/ca-injector/"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((annotation, ..)) = injector(object.view) else { return };
    for callee in Callee::of(object) {
        let Some(bundle) = callee.authorities() else { continue };
        let Some((item, _)) = bundle.certificates().next() else { continue };
        let message = format!(
            "`caBundle` of {} is written out, though `{annotation}` has it injected",
            callee.display()
        );
        out.report(item.place, message).evidence(callee.name.unwrap_or_default());
    }
}

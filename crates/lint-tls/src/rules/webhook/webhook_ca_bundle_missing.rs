use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::webhooks::{Callee, KINDS, injector};

rule! {
    /// Without `caBundle` the API server verifies a webhook with the roots of its own machine. The
    /// certificate of a Service in the cluster never comes from those, so every call fails with
    /// `x509: certificate signed by unknown authority`, and with `failurePolicy: Fail` nobody can
    /// create or change what the webhook watches.
    ///
    /// It is fine where the program writes the bundle itself when it starts, or a Job of its chart
    /// does, and for a `url` with a certificate of a public CA.
    ///
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: orders.shop.example
    ///   clientConfig:
    /// # ^^^^^^^^^^^^ webhook `orders.shop.example` of ValidatingWebhookConfiguration `orders` has no `caBundle`, and nothing here injects one
    ///     service: {name: orders, namespace: shop}
    ///   sideEffects: None
    ///   admissionReviewVersions: [v1]
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: orders
    ///   annotations: {cert-manager.io/inject-ca-from: shop/orders}
    /// webhooks:
    /// - name: orders.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///   sideEffects: None
    ///   admissionReviewVersions: [v1]
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: orders.shop.example
    ///   clientConfig: {url: "https://hooks.example.com/orders"}
    ///   sideEffects: None
    ///   admissionReviewVersions: [v1]
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-ca-bundle-missing",
        summary: "webhook in the cluster has no CA bundle",
        remedy: "Write the CA's certificate into `caBundle`, or let cert-manager do it with the annotation `cert-manager.io/inject-ca-from`.",
        severity: Medium,
        check: Check::Kind(KINDS, check),
        confidence: Confidence::Low,
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook",
            "https://cert-manager.io/docs/concepts/ca-injector/",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    if injector(object.view).is_some() {
        return;
    }
    for callee in Callee::of(object) {
        let skips = callee.config.get("insecureSkipTLSVerify").and_then(|node| node.as_bool());
        if callee.service().is_none() || callee.ca_bundle().is_some() || skips == Some(true) {
            continue;
        }
        let message =
            format!("{} has no `caBundle`, and nothing here injects one", callee.display());
        let entry = callee.config.parent().and_then(|parent| {
            parent
                .entries()
                .find(|entry| entry.value == callee.config)
                .map(|entry| entry.key.span())
        });
        let span = entry.unwrap_or_else(|| object.view.name_span());
        out.report(span, message).evidence(callee.name.unwrap_or_default());
    }
}

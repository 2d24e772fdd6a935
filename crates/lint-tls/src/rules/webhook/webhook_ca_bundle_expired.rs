use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::date::{Date, Span};
use crate::names::evidence;
use crate::validity::{Validity, WINDOW, window};
use crate::webhooks::{Callee, KINDS, injector};

rule! {
    /// When the CA of a webhook expires, the API server refuses every call to it. With
    /// `failurePolicy: Fail` nobody can create or change the objects it watches from that moment
    /// on, and the webhook's own repair may be among them; an aggregated API is gone. Bundles that
    /// a chart once generated last for a year or ten, and nobody looks.
    ///
    /// One expired certificate beside a valid one is fine: that is how CAs are rotated.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: Shop CA, not_before: -1y, not_after: -3d}
    /// soon: {ca: true, common_name: Shop CA, not_before: -1y, not_after: 9d}
    /// new: {ca: true, common_name: Shop CA, not_after: 5y}
    /// ```
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata: {name: orders}
    /// webhooks:
    /// - name: a.shop.example
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${old.crt|base64}
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA of webhook `a.shop.example` of ValidatingWebhookConfiguration `orders` expired on 2026-11-28, 3 days ago: every call to it fails
    /// - name: b.shop.example
    ///   failurePolicy: Ignore
    ///   clientConfig:
    ///     service: {name: orders, namespace: shop}
    ///     caBundle: ${soon.crt|base64}
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA of webhook `b.shop.example` of ValidatingWebhookConfiguration `orders` expires on 2026-12-10, in 9 days
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
    /// ```
    pub(crate) static RULE: Check = {
        id: "webhook-ca-bundle-expired",
        summary: "CA bundle of a webhook has expired or soon will",
        remedy: "Renew the CA, and let cert-manager's CA injector keep the bundle up to date.",
        severity: Critical,
        check: Check::Kind(KINDS, check),
        peers: &["x509-certificate-exporter"],
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/concepts/ca-injector/"],
    }
}

fn check(object: ObjectRef<'_>, context: &Context, out: &mut Sink<'_>) {
    let is_injected = injector(object.view).is_some();
    for callee in Callee::of(object) {
        let Some(bundle) = callee.authorities() else { continue };
        // The one that lasts longest decides.
        let last = bundle.certificates().max_by_key(|(_, certificate)| certificate.not_after);
        let Some((item, certificate)) = last else { continue };
        let end = Date(certificate.not_after);
        let (message, severity) = match Validity::of(certificate, context.now) {
            Validity::Expired => {
                let ago = Span(context.now.saturating_sub(certificate.not_after));
                let severity = if callee.is_fatal { Severity::Critical } else { Severity::High };
                (format!("expired on {end}, {ago} ago: every call to it fails"), severity)
            }
            Validity::Valid => {
                let left = certificate.not_after.saturating_sub(context.now);
                if left >= window(certificate, WINDOW) {
                    continue;
                }
                let severity = if callee.is_fatal { Severity::High } else { Severity::Medium };
                (format!("expires on {end}, in {}", Span(left)), severity)
            }
            Validity::NotYet | Validity::Inverted => continue,
        };
        let message = format!("CA of {} {message}", callee.display());
        let finding = out.report(item.place, message).evidence(evidence(certificate));
        finding.severity(if is_injected { Severity::Low } else { severity });
    }
}

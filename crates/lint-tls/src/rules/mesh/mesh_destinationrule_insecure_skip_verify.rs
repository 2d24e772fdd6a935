use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::mesh::{NETWORKING, tls_settings};

rule! {
    /// The sidecar takes whatever certificate the host shows. TLS then keeps out who only listens;
    /// who can answer in the host's place, by DNS or on the network, reads and changes everything,
    /// and nobody notices.
    ///
    /// It is fine while something is tried out. A self-signed certificate is no reason: give it as
    /// `caCertificates`.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.example.com
    ///   trafficPolicy:
    ///     tls:
    ///       mode: SIMPLE
    ///       insecureSkipVerify: true
    /// #                         ^^^^ DestinationRule `shop/billing` does not verify the certificate of `billing.example.com`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.example.com
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE, caCertificates: system, insecureSkipVerify: false}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-destinationrule-insecure-skip-verify",
        summary: "DestinationRule does not verify the server's certificate",
        remedy: "Give the CA in `caCertificates`, and take `insecureSkipVerify` out.",
        severity: High,
        check: Check::Kind(&["DestinationRule"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.view.group() != NETWORKING {
        return;
    }
    let host = object.view.at(&["spec", "host"]).and_then(|host| host.text()).unwrap_or_default();
    for node in tls_settings(object).filter_map(|tls| tls.skips_verification()) {
        let message = format!(
            "{} does not verify the certificate of `{}`",
            object.view.display(),
            crate::names::Shown(host)
        );
        out.report(node.span(), message)
            .field("spec.trafficPolicy.tls.insecureSkipVerify")
            .evidence(host);
    }
}

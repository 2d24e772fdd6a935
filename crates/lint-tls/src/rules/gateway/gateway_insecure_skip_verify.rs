use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::gateway::ENVOY;

rule! {
    /// The gateway takes whatever certificate the backend shows. TLS then keeps out who only
    /// listens; who can answer in the backend's place, by DNS or on the network, reads and changes
    /// everything and nobody notices.
    ///
    /// It is fine while something is tried out. A self-signed certificate is no reason: give the
    /// gateway that certificate as CA.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.envoyproxy.io/v1alpha1
    /// kind: Backend
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   endpoints: [{fqdn: {hostname: billing.example.com, port: 443}}]
    ///   tls:
    ///     insecureSkipVerify: true
    /// #                       ^^^^ Backend `shop/billing` does not verify the certificate of its backend
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.envoyproxy.io/v1alpha1
    /// kind: Backend
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   endpoints: [{fqdn: {hostname: billing.example.com, port: 443}}]
    ///   tls: {wellKnownCACertificates: System, insecureSkipVerify: false}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-insecure-skip-verify",
        summary: "gateway does not verify the certificate of a backend",
        remedy: "Give the CA in `caCertificateRefs`, or `wellKnownCACertificates: System` for a public one, and take `insecureSkipVerify` out.",
        severity: Medium,
        check: Check::Kind(&["Backend", "BackendConfigPolicy"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://gateway.envoyproxy.io/docs/tasks/security/backend-skip-tls-verification/",
        ],
    }
}

/// The group of kgateway.
const KGATEWAY: &str = "gateway.kgateway.dev";

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if !view.is(ENVOY, "Backend") && !view.is(KGATEWAY, "BackendConfigPolicy") {
        return;
    }
    let skip = view.at(&["spec", "tls", "insecureSkipVerify"]);
    let Some(skip) = skip.filter(|skip| skip.as_bool() == Some(true)) else { return };
    let message = format!("{} does not verify the certificate of its backend", view.display());
    out.report(skip.span(), message).field("spec.tls.insecureSkipVerify");
}

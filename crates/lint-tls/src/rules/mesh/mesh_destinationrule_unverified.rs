use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::mesh::{NETWORKING, TlsSettings, tls_settings};

rule! {
    /// The sidecar speaks TLS with the host, but no CA is written. Istio before 1.21 then verified
    /// nothing at all: whoever could answer in the host's place read and changed everything. Later
    /// releases verify by the operating system's CAs, unless `VERIFY_CERTIFICATE_AT_CLIENT` is
    /// false, which refuses every host that has a certificate of a private CA.
    ///
    /// It is fine for a host with a certificate of a public CA in a current Istio.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.example.com
    ///   trafficPolicy:
    ///     portLevelSettings:
    ///     - port: {number: 443}
    ///       tls:
    ///         mode: SIMPLE
    /// #             ^^^^^^ DestinationRule `shop/billing` speaks TLS on port 443 without a CA to verify the server by
    ///   subsets:
    ///   - name: old
    ///     trafficPolicy: {tls: {mode: MUTUAL, clientCertificate: /tls/tls.crt, privateKey: /tls/tls.key}}
    /// #                               ^^^^^^ DestinationRule `shop/billing` speaks TLS without a CA to verify the server by
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: DestinationRule
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   host: billing.example.com
    ///   trafficPolicy:
    ///     tls: {mode: SIMPLE, caCertificates: /etc/ssl/certs/ca-certificates.crt}
    ///   subsets:
    ///   - name: inside
    ///     trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
    ///   - name: by-secret
    ///     trafficPolicy: {tls: {mode: MUTUAL, credentialName: billing-client}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-destinationrule-unverified",
        summary: "DestinationRule speaks TLS without a CA",
        remedy: "Set `caCertificates`: the CA of the host, or the operating system's bundle for a public one.",
        severity: Low,
        check: Check::Kind(&["DestinationRule"], check),
        confidence: Confidence::Medium,
        peers: &["istioctl:IST0128", "istioctl:IST0129"],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/reference/config/analysis/ist0128/",
            "https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.view.group() != NETWORKING {
        return;
    }
    for tls in tls_settings(object).filter(TlsSettings::originates) {
        // What is switched off deliberately is told by `mesh-destinationrule-insecure-skip-verify`.
        if ["caCertificates", "credentialName"].iter().any(|key| tls.text(key).is_some())
            || tls.skips_verification().is_some()
        {
            continue;
        }
        let Some((mode, node)) = tls.mode() else { continue };
        let port = tls.port.map(|port| format!(" on port {port}")).unwrap_or_default();
        let message = format!(
            "{} speaks TLS{port} without a CA to verify the server by",
            object.view.display()
        );
        out.report(node.span(), message).field("spec.trafficPolicy.tls").evidence(mode);
    }
}

use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::gateway::{LISTENING, is_listening, listeners};

rule! {
    /// A listener that speaks HTTPS or ends TLS needs a certificate. Without `certificateRefs` the
    /// API server refuses it, or the controller leaves it out and the port answers nothing. It is
    /// fine where the controller finds certificates by `tls.options` or by an annotation; those
    /// are left alone, and so are listeners that pass TLS through.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    /// #             ^^^^^ listener `https` of Gateway `edge` speaks HTTPS and names no certificate
    ///     port: 443
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: shop-tls}]}
    ///   - name: through
    ///     protocol: TLS
    ///     port: 8443
    ///     tls: {mode: Passthrough}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-listener-tls-missing",
        summary: "listener that ends TLS names no certificate",
        remedy: "Name a Secret with the certificate in `tls.certificateRefs`.",
        severity: High,
        check: Check::Kind(LISTENING, check),
        confidence: Confidence::High,
        security: true,
        cwe: &[319],
        aliases: &["gateway-terminate-without-certificate"],
        controls: &[control::TLS_ENABLED, control::TLS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/guides/tls/"],
    }
}

/// Annotations by which controllers give certificates to all listeners.
const ELSEWHERE: &[&str] = &["networking.gke.io/certmap"];

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_listening(object) || ELSEWHERE.iter().any(|name| object.annotations().has(name)) {
        return;
    }
    // The controller's own parameters may hold the certificate.
    if object.at(&["spec", "infrastructure", "parametersRef"]).is_some() {
        return;
    }
    for listener in listeners(object) {
        let protocol = listener.protocol();
        if !matches!(protocol, "HTTPS" | "TLS") || listener.passes_through() {
            continue;
        }
        let tls = field(listener.node, "tls");
        let has = |key| {
            tls.and_then(|tls| field(tls, key)).is_some_and(|node| {
                node.items().next().is_some() || node.entries().next().is_some()
            })
        };
        if has("certificateRefs") || has("options") {
            continue;
        }
        let place = field(listener.node, "protocol").unwrap_or(listener.node);
        let message = format!("{} speaks {protocol} and names no certificate", listener.display());
        out.report(place.span(), message)
            .field(format!("spec.listeners[{}].tls", listener.index))
            .evidence(listener.name);
    }
}

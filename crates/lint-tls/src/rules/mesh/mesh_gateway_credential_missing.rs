use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::mesh::{gateways, servers};
use crate::names::Shown;
use crate::provided::Provided;

rule! {
    /// A gateway that does not get the Secret keeps the listener without a certificate: the port is
    /// open, and every TLS connection is reset. istiod logs that the secret was not found, and
    /// nothing else tells.
    ///
    /// It is fine where something outside of the repository makes the Secret. A cert-manager
    /// Certificate, an ExternalSecret, a SealedSecret and kustomize's `secretGenerator` count as
    /// making it, in whatever namespace.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: shop-tls
    /// #                     ^^^^^^^^ credential `shop-tls` of server `https` of Gateway `shop/edge` is made by nothing in the repository
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-tls}
    ///   - port: {number: 8443, name: https-2, protocol: HTTPS}
    ///     hosts: [api.example.com]
    ///     tls: {mode: SIMPLE, credentialName: "${TLS}"}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: shop, namespace: istio-ingress}
    /// spec: {secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: {name: a}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-credential-missing",
        summary: "credential of an Istio gateway is made by nothing in the repository",
        remedy: "Let cert-manager make the Secret in the namespace of the gateway's pods, or take it from a secret store.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["istioctl:IST0101"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/",
            "https://istio.io/latest/docs/reference/config/analysis/ist0101/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut provided = None;
    for server in gateways(snapshot).flat_map(servers) {
        for (name, node) in server.credentials() {
            let provided = provided.get_or_insert_with(|| Provided::of(snapshot));
            if provided.has(name, None) {
                continue;
            }
            let message = format!(
                "credential `{}` of {} is made by nothing in the repository",
                Shown(name),
                server.display()
            );
            out.report(server.gateway.source(), node.span(), message)
                .object(server.gateway.path())
                .field(format!("spec.servers[{}].tls.credentialName", server.index))
                .evidence(name);
        }
    }
}

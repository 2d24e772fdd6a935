use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::mesh::{Credentials, Homes, gateways, servers};
use crate::names::Shown;

rule! {
    /// A gateway takes its Secrets from the namespace its pods run in, mostly `istio-system` or
    /// `istio-ingress`, not from the namespace of the Gateway object. A Secret, or a Certificate of
    /// cert-manager, beside the Gateway is never found: the port is open and resets every TLS
    /// connection.
    ///
    /// The pods are found by the Gateway's selector; without them in the repository nothing is
    /// said. It is fine where a tool copies the Secret; annotations of reflector, replicator and
    /// kubed are known.
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
    /// #                     ^^^^^^^^ credential `shop-tls` of server `https` of Gateway `shop/edge` is in namespace `shop`, but the gateway's pods run in `istio-ingress`
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: shop, namespace: shop}
    /// spec: {secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: {name: a}}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: gateway, namespace: istio-ingress}
    /// spec:
    ///   selector: {matchLabels: {istio: ingressgateway}}
    ///   template:
    ///     metadata: {labels: {istio: ingressgateway}}
    ///     spec: {containers: [{name: istio-proxy, image: auto}]}
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
    ///     tls: {mode: SIMPLE, credentialName: api-tls}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: shop, namespace: istio-ingress}
    /// spec: {secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: {name: a}}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   secretTemplate: {annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true"}}
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: a}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: gateway, namespace: istio-ingress}
    /// spec:
    ///   selector: {matchLabels: {istio: ingressgateway}}
    ///   template:
    ///     metadata: {labels: {istio: ingressgateway}}
    ///     spec: {containers: [{name: istio-proxy, image: auto}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-credential-wrong-namespace",
        summary: "credential of an Istio gateway is not in the namespace of its pods",
        remedy: "Put the Secret, or the Certificate that makes it, into the namespace of the gateway's pods.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["istioctl:IST0101"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/ops/common-problems/network-issues/",
            "https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known = None;
    for gateway in gateways(snapshot) {
        let mut homes = None;
        for server in servers(gateway) {
            for (name, node) in server.credentials() {
                let (pods, credentials) =
                    known.get_or_insert_with(|| (Homes::of(snapshot), Credentials::of(snapshot)));
                let homes = homes.get_or_insert_with(|| pods.of_gateway(gateway));
                let Some(home) = homes.first() else { continue };
                let holders = credentials.holders(snapshot, name);
                let agrees = |home: &&str| {
                    let mut own = holders.iter().map(|holder| holder.view.namespace());
                    own.any(|own| namespaces_agree(own, Some(home)))
                };
                let Some(holder) = holders.first().filter(|_| !homes.iter().any(agrees)) else {
                    continue;
                };
                let message = format!(
                    "credential `{}` of {} is in namespace `{}`, but the gateway's pods run in `{}`",
                    Shown(name),
                    server.display(),
                    Shown(holder.view.namespace().unwrap_or("default")),
                    Shown(home)
                );
                out.report(gateway.source(), node.span(), message)
                    .object(gateway.path())
                    .field(format!("spec.servers[{}].tls.credentialName", server.index))
                    .evidence(name)
                    .related(holder.source(), holder.view.name_span(), "the credential");
            }
        }
    }
}

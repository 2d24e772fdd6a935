use std::collections::BTreeMap;

use careen_kube_model::Selector;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::mesh::{Server, gateways, servers};
use crate::names::Shown;

rule! {
    /// Browsers send requests for a second host over an HTTP/2 connection they have, if its
    /// certificate covers that host too. With Istio the connection belongs to the first Gateway,
    /// whose routes do not know the host: people see 404, only in browsers and only if they came
    /// by the other host. It happens where several Gateways for the same pods and port share a
    /// wildcard certificate.
    ///
    /// It is fine where the same VirtualServices are bound to all of these Gateways.
    ///
    /// ```yaml bad file=shop.yaml
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [api.example.com]
    ///     tls: {mode: SIMPLE, credentialName: wildcard-tls}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [web.example.com]
    ///     tls:
    ///       mode: SIMPLE
    ///       credentialName: wildcard-tls
    /// #                     ^^^^^^^^^^^^ server `https` of Gateway `shop/web` shows the certificate in `wildcard-tls`, as Gateway `shop/api` does for other hosts
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [api.example.com, web.example.com]
    ///     tls: {mode: SIMPLE, credentialName: wildcard-tls}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: inside, namespace: shop}
    /// spec:
    ///   selector: {istio: private-gateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [inside.example.com]
    ///     tls: {mode: SIMPLE, credentialName: wildcard-tls}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-duplicate-certificate",
        summary: "several Istio gateways show one certificate",
        remedy: "Serve all hosts of a certificate by one Gateway, or give each Gateway a certificate of its own.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["istioctl:IST0138"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate",
            "https://istio.io/latest/docs/reference/config/analysis/ist0138/",
        ],
    }
}

/// What shares connections: port, credential, and the labels of the pods.
type Shared<'a> = (Option<i64>, &'a str, Vec<(&'a str, &'a str)>);

fn check<'a>(snapshot: &'a Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut first: BTreeMap<Shared<'a>, Server<'a>> = BTreeMap::new();
    for gateway in gateways(snapshot) {
        let Some(selector) = gateway.view.at(&["spec", "selector"]).map(Selector::map) else {
            continue;
        };
        let mut labels: Vec<_> = selector.equalities().collect();
        labels.sort_unstable();
        for server in servers(gateway).filter(|each| each.ends_tls() && each.speaks("HTTPS")) {
            let Some((name, node)) = server.credentials().next() else { continue };
            let key = (server.port(), name, labels.clone());
            let Some(other) = first.get(&key) else {
                first.insert(key, server);
                continue;
            };
            // Overlays and environments have Gateways of one name, and one Gateway has its routes
            // at all of its servers.
            let hosts = |server: &Server<'a>| server.hosts().map(|(host, _)| host);
            let same = gateway.view.name() == other.gateway.view.name();
            if same || hosts(&server).eq(hosts(other)) {
                continue;
            }
            let message = format!(
                "{} shows the certificate in `{}`, as {} does for other hosts",
                server.display(),
                Shown(name),
                other.gateway.view.display()
            );
            out.report(gateway.source(), node.span(), message)
                .object(gateway.path())
                .field(format!("spec.servers[{}].tls.credentialName", server.index))
                .evidence(name)
                .related(other.gateway.source(), other.place().span(), "the other server");
        }
    }
}

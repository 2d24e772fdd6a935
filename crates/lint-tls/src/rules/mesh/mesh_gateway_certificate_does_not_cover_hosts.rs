use std::collections::BTreeSet;

use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::coverage::Coverage;
use crate::mesh::{Server, gateways, servers};
use crate::names::{Hosts, Shown};
use crate::served::{served, show};

rule! {
    /// The gateway shows the certificate of the server whose hosts fit, whether the certificate
    /// names them or not, and clients hang up (Go: `x509: certificate is valid for …, not …`). A
    /// host with a wildcard is only reported if the certificate names nothing below it at all; the
    /// host `*` is left alone.
    ///
    /// It is fine where the Secret in the repository is a stand-in that is replaced in the cluster.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com, "*.shop.example.com"], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts:
    ///     - shop.example.com
    ///     - shop/api.example.com
    /// #     ^^^^^^^^^^^^^^^^^^^^ host `api.example.com` of server `https` of Gateway `shop/edge` is not covered by the certificate in Secret `istio-system/shop-tls`, which covers `shop.example.com`, `*.shop.example.com`
    ///     tls: {mode: SIMPLE, credentialName: shop-tls}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-tls, namespace: istio-system}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [./shop.example.com, a.shop.example.com, "*.example.com", "*"]
    ///     tls: {mode: SIMPLE, credentialName: shop-tls}
    ///   - port: {number: 8443, name: through, protocol: TLS}
    ///     hosts: [api.example.com]
    ///     tls: {mode: PASSTHROUGH, credentialName: shop-tls}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-tls, namespace: istio-system}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-certificate-does-not-cover-hosts",
        summary: "certificate of an Istio gateway does not cover one of its hosts",
        remedy: "Have the certificate issued again with the host among its subject alternative names, or name the Secret whose certificate has it.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/",
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut coverage = Coverage::default();
    for server in gateways(snapshot).flat_map(servers).filter(Server::ends_tls) {
        let names: BTreeSet<&str> = server.credentials().map(|(name, _)| name).collect();
        let mut all = Vec::new();
        let known = names.iter().all(|name| {
            let found = served(snapshot, None, name);
            all.extend(found.iter().copied());
            !found.is_empty()
        });
        let Some(first) = all.first().filter(|_| known) else { continue };
        for (host, node) in server.hosts().filter(|(host, _)| *host != "*") {
            if coverage.answers(all.iter().map(|each| each.certificate), host) {
                continue;
            }
            let message = format!(
                "host `{}` of {} is not covered by the certificate in {}, which covers {}",
                Shown(host),
                server.display(),
                first.secret.view.display(),
                Hosts(first.certificate)
            );
            let finding = out.report(server.gateway.source(), node.span(), message);
            let field = format!("spec.servers[{}].hosts", server.index);
            show(finding.object(server.gateway.path()).field(field).evidence(host), &all);
        }
    }
}

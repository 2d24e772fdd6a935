use std::collections::BTreeSet;

use careen_kube_model::{field, path, strings};
use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::endpoints::items;
use crate::gateway::hosts::common;
use crate::mesh::{NETWORKING, Server, gateways, servers};
use crate::names::Shown;

rule! {
    /// The Gateway has the host with TLS, and yet answers plain HTTP for it: whoever types the
    /// address without `https` sends passwords and cookies in the clear. `tls.httpsRedirect: true`
    /// in the HTTP server answers 301 instead.
    ///
    /// It is fine where a VirtualService of the Gateway redirects, which is seen, or where a load
    /// balancer in front does.
    ///
    /// ```yaml bad
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    /// #                            ^^^^ server `http` of Gateway `shop/edge` serves `shop.example.com` without TLS and does not redirect to server `https`
    ///     hosts: [shop.example.com]
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: ["*.example.com"]
    ///     tls: {mode: SIMPLE, credentialName: shop-tls}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [shop.example.com]
    ///     tls: {httpsRedirect: true}
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [shop.example.com]
    ///     tls: {mode: SIMPLE, credentialName: shop-tls}
    ///   - port: {number: 8080, name: other, protocol: HTTP}
    ///     hosts: [static.example.net]
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: second, namespace: shop}
    /// spec:
    ///   selector: {istio: ingressgateway}
    ///   servers:
    ///   - port: {number: 80, name: http, protocol: HTTP}
    ///     hosts: [api.example.com]
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [api.example.com]
    ///     tls: {mode: SIMPLE, credentialName: api-tls}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: VirtualService
    /// metadata: {name: to-https, namespace: shop}
    /// spec:
    ///   gateways: [second]
    ///   hosts: [api.example.com]
    ///   http:
    ///   - match: [{port: 80}]
    ///     redirect: {scheme: https}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-gateway-no-redirect",
        summary: "Istio gateway serves plain HTTP beside HTTPS",
        remedy: "Set `tls.httpsRedirect: true` in the HTTP server.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings",
        ],
    }
}

/// Hosts of one server that are compared.
const HOSTS: usize = 50;
/// Servers with TLS that one is compared with.
const SERVERS: usize = 50;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut redirected = None;
    for gateway in gateways(snapshot) {
        let secured: Vec<Server<'_>> = servers(gateway)
            .filter(|server| server.speaks("HTTPS") && server.ends_tls())
            .take(SERVERS)
            .collect();
        if secured.is_empty() {
            continue;
        }
        let plain =
            servers(gateway).filter(|server| server.speaks("HTTP") || server.speaks("HTTP2"));
        for server in plain {
            let redirects = server.tls("httpsRedirect").and_then(|node| node.as_bool());
            if redirects == Some(true) || server.ends_tls() {
                continue;
            }
            let shared = secured.iter().find_map(|with| Some((with, shared(&server, with)?)));
            let Some((with, host)) = shared else { continue };
            let redirected = redirected.get_or_insert_with(|| redirected_gateways(snapshot));
            let view = gateway.view;
            let is_redirected = redirected.iter().any(|(namespace, name)| {
                *name == view.name() && namespaces_agree(*namespace, view.namespace())
            });
            if is_redirected {
                continue;
            }
            let name = path(with.node, &["port", "name"]).and_then(|name| name.text());
            let message = format!(
                "{} serves `{}` without TLS and does not redirect to server `{}`",
                server.display(),
                Shown(host),
                Shown(name.unwrap_or("HTTPS"))
            );
            out.report(gateway.source(), server.place().span(), message)
                .object(gateway.path())
                .field(format!("spec.servers[{}].tls.httpsRedirect", server.index))
                .evidence(host)
                .related(gateway.source(), with.place().span(), "the server with TLS");
        }
    }
}

/// A host that both serve.
fn shared<'a>(plain: &Server<'a>, secured: &Server<'a>) -> Option<&'a str> {
    plain.hosts().take(HOSTS).map(|(host, _)| host).find(|host| {
        let mut others = secured.hosts().take(HOSTS).map(|(other, _)| other);
        others.any(|other| *host == "*" || other == "*" || common(Some(other), host).is_some())
    })
}

/// The Gateways of which a VirtualService redirects something to HTTPS.
fn redirected_gateways(snapshot: &Snapshot) -> BTreeSet<(Option<&str>, &str)> {
    let mut found = BTreeSet::new();
    for object in snapshot.of_kind("VirtualService") {
        let view = object.view;
        if view.group() != NETWORKING || !items(view, &["spec", "http"]).any(redirects) {
            continue;
        }
        for (name, _) in view.at(&["spec", "gateways"]).into_iter().flat_map(strings) {
            found.insert(match name.split_once('/') {
                Some((namespace, name)) => (Some(namespace), name),
                None => (view.namespace(), name),
            });
        }
    }
    found
}

fn redirects(route: Node<'_>) -> bool {
    field(route, "redirect").is_some_and(|redirect| {
        let scheme = field(redirect, "scheme").and_then(|scheme| scheme.text());
        let port = field(redirect, "port").and_then(|port| port.as_i64());
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) || port == Some(443)
    })
}

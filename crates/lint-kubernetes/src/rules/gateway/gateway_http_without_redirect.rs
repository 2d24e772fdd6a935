use careen_kube_model::{field, path};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::hosts::intersect;
use crate::gateway::{Gateways, Listener, hostnames, listeners, routes, rules};
use crate::relations::text;

rule! {
    /// The Gateway has a listener with TLS for the host, and yet the route sends plain HTTP to its
    /// backends as well: whoever types the address without `https` sends passwords and cookies in
    /// the clear. A route without `sectionName` attaches to both listeners. It is fine for probes
    /// and for the challenges of ACME, which are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    /// #          ^^^^ HTTPRoute `infra/shop` serves plain HTTP by listener `http` although listener `https` has TLS
    ///   hostnames: [shop.example.com]
    ///   rules:
    ///   - backendRefs:
    ///     - {name: web, port: 80}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - {name: http, protocol: HTTP, port: 80}
    ///   - {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: a}]}}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge, sectionName: https}
    ///   hostnames: [shop.example.com]
    ///   rules:
    ///   - backendRefs:
    ///     - {name: web, port: 80}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: to-https, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge, sectionName: http}
    ///   rules:
    ///   - filters:
    ///     - {type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - {name: http, protocol: HTTP, port: 80}
    ///   - {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: a}]}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-http-without-redirect",
        summary: "route serves plain HTTP beside HTTPS",
        remedy: "Attach the route to the HTTPS listener by `sectionName`, and redirect the HTTP listener with a route of its own.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &["https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let gateways = Gateways::of(snapshot);
    if gateways.is_empty() {
        return;
    }
    for route in routes(snapshot).filter(|route| route.view.kind() == "HTTPRoute") {
        let view = route.view;
        if !rules(view).any(serves) {
            continue;
        }
        let hosts: Vec<&str> = hostnames(view).map(|(host, _)| host).collect();
        let meets = |listener: &Listener<'_>| {
            let own = listener.hostname();
            hosts.is_empty() || hosts.iter().any(|host| intersect(own, Some(host)))
        };
        for attached in gateways.attached(view) {
            let plain = attached.listeners.iter().find(|(_, listener)| {
                listener.protocol() == "HTTP"
                    && meets(listener)
                    && gateways.surely_takes(listener, view)
            });
            let Some((gateway, plain)) = plain else { continue };
            let secured = listeners(gateway.view).find(|listener| {
                listener.protocol() == "HTTPS"
                    && meets(listener)
                    && intersect(listener.hostname(), plain.hostname())
            });
            let Some(secured) = secured else { continue };
            let message = format!(
                "{} serves plain HTTP by listener `{}` although listener `{}` has TLS",
                view.display(),
                plain.name,
                secured.name
            );
            let place = field(plain.node, "name").unwrap_or(plain.node);
            out.report(route.source(), attached.parent.place().span(), message)
                .object(route.path())
                .evidence(attached.parent.target.name)
                .related(gateway.source(), place.span(), format!("{} is here", plain.display()));
        }
    }
}

/// Whether a rule sends requests to a backend rather than to HTTPS, and is for more than ACME.
fn serves(rule: Node<'_>) -> bool {
    let filters = field(rule, "filters");
    let redirects = |filter: Node<'_>| field(filter, "requestRedirect").is_some();
    if filters.iter().flat_map(Node::items).any(redirects) {
        return false;
    }
    let list = field(rule, "backendRefs");
    if list.iter().flat_map(Node::items).next().is_none() {
        return false;
    }
    let matches = field(rule, "matches");
    let mut matches = matches.iter().flat_map(Node::items).peekable();
    let is_challenge = |found: Node<'_>| {
        let value = path(found, &["path"]).and_then(|path| text(path, "value"));
        value.is_some_and(|value| value.starts_with("/.well-known/acme-challenge"))
    };
    matches.peek().is_none() || !matches.all(is_challenge)
}

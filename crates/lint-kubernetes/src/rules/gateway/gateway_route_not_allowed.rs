use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{Gateways, Refusal, routes};
use crate::relations::RELATED;

rule! {
    /// A listener takes the routes of its own namespace only, unless `allowedRoutes.namespaces`
    /// says otherwise, and only the kinds of routes that fit its protocol. A route that no listener
    /// takes is not attached, which only its status tells: the hosts answer 404.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge, namespace: infra}
    /// #          ^^^^ HTTPRoute `shop/shop` is taken by no listener of Gateway `infra/edge`: `http` takes routes of namespace `infra` only
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
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge, namespace: infra}
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
    ///   - name: http
    ///     protocol: HTTP
    ///     port: 80
    ///     allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {edge: open}}}}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop, labels: {edge: open}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-route-not-allowed",
        summary: "no listener of the gateway takes the route",
        remedy: "Allow the route's namespace and kind in the listener's `allowedRoutes`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::SERVICE_URLS, control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/guides/multiple-ns/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let gateways = Gateways::of(snapshot);
    if gateways.is_empty() {
        return;
    }
    for route in routes(snapshot) {
        let view = route.view;
        for attached in gateways.attached(view) {
            let Some((gateway, listener)) = attached.listeners.first() else { continue };
            let refuses = |listener| gateways.refuses(listener, view);
            let is_taken = attached.listeners.iter().any(|(_, found)| refuses(found).is_none());
            let Some(refusal) = refuses(listener).filter(|_| !attached.is_partial && !is_taken)
            else {
                continue;
            };
            let why = match refusal {
                Refusal::Kind => format!("takes no {}", view.kind()),
                Refusal::Same => {
                    let own = gateway.view.namespace().unwrap_or_default();
                    format!("takes routes of namespace `{own}` only")
                }
                Refusal::Selector => "takes routes of namespaces with other labels".to_owned(),
                Refusal::All => "takes no routes".to_owned(),
            };
            let message = format!(
                "{} is taken by no listener of {}: `{}` {why}",
                view.display(),
                gateway.view.display(),
                listener.name
            );
            let finding = out.report(route.source(), attached.parent.place().span(), message);
            finding.object(route.path()).evidence(attached.parent.target.name);
            for (gateway, listener) in attached.listeners.iter().take(RELATED) {
                let message = format!("{} is here", listener.display());
                let place = careen_kube_model::field(listener.node, "name");
                let place = place.map_or_else(|| gateway.view.name_span(), |name| name.span());
                finding.related(gateway.source(), place, message);
            }
        }
    }
}

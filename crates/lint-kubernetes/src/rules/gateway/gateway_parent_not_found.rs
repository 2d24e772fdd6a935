use std::collections::HashMap;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{GROUP, Gateways, Parent, parents, routes};

rule! {
    /// A route whose Gateway does not exist attaches to nothing: no request ever reaches it, and
    /// only its status says so. Often the namespace of the Gateway was left out; the route's own
    /// is meant then. It is fine where the Gateway comes from another repository: a repository
    /// without any Gateway is not judged.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   parentRefs:
    ///   - name: edge
    /// #         ^^^^ HTTPRoute `shop/shop` attaches to Gateway `shop/edge`, which does not exist
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
    ///   - {name: http, protocol: HTTP, port: 80, allowedRoutes: {namespaces: {from: All}}}
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
    ///   - {name: http, protocol: HTTP, port: 80, allowedRoutes: {namespaces: {from: All}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-parent-not-found",
        summary: "route attaches to a gateway that does not exist",
        remedy: "Name the Gateway and its namespace in `parentRefs`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        peers: &["popeye:407"],
        controls: &[control::SERVICE_URLS, control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let gateways = Gateways::of(snapshot);
    if gateways.is_empty() {
        return;
    }
    let mut namesakes: HashMap<&str, ObjectRef<'_>> = HashMap::new();
    for gateway in snapshot.of_kind("Gateway").filter(|object| object.view.group() == GROUP) {
        namesakes.entry(gateway.view.name()).or_insert(gateway);
    }
    for route in routes(snapshot) {
        let view = route.view;
        for parent in parents(view).filter(Parent::is_gateway) {
            let target = parent.target;
            let namespace = target.namespace_from(view);
            if gateways.has(namespace, target.name) {
                continue;
            }
            let shown = namespace.map(|name| format!("{name}/")).unwrap_or_default();
            let message = format!(
                "{} attaches to Gateway `{shown}{}`, which does not exist in the repository",
                view.display(),
                target.name
            );
            let finding = out.report(route.source(), target.name_node.span(), message);
            finding.object(route.path()).evidence(target.name);
            // The same name in another namespace is what was meant.
            if let Some(other) = namesakes.get(target.name) {
                let message = format!("{} is here", other.view.display());
                finding.related(other.source(), other.view.name_span(), message);
                if target.namespace.is_none() {
                    finding.severity(Severity::High).confidence(Confidence::High);
                }
            }
        }
    }
}

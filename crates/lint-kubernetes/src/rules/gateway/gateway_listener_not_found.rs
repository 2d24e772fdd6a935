use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{Gateways, listeners, routes};
use crate::relations::RELATED;

rule! {
    /// A route may ask for one listener of a Gateway by `sectionName` or `port`. Where the Gateway
    /// has no such listener, the route is not attached and its hosts answer 404 or nothing at all.
    /// Usually the listener was renamed.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - name: edge
    ///     sectionName: web
    /// #                ^^^ HTTPRoute `infra/shop` asks for listener `web`, which Gateway `infra/edge` does not have
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
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - name: edge
    ///     sectionName: http
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
    pub(crate) static RULE: Check = {
        id: "gateway-listener-not-found",
        summary: "route asks for a listener that its gateway does not have",
        remedy: "Use the name and port of a listener of the Gateway.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::SERVICE_URLS, control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let gateways = Gateways::of(snapshot);
    if gateways.is_empty() {
        return;
    }
    for route in routes(snapshot) {
        for attached in gateways.attached(route.view) {
            let Some(gateway) = attached.gateways.first() else { continue };
            if attached.is_partial || !attached.listeners.is_empty() {
                continue;
            }
            let parent = attached.parent;
            let what = match (parent.section(), parent.port()) {
                (Some(name), None) => format!("listener `{name}`"),
                (None, Some(port)) => format!("a listener on port {port}"),
                (Some(name), Some(port)) => format!("listener `{name}` on port {port}"),
                (None, None) => continue,
            };
            let message = format!(
                "{} asks for {what}, which {} does not have",
                route.view.display(),
                gateway.view.display()
            );
            let finding = out.report(route.source(), parent.place().span(), message);
            finding.object(route.path()).evidence(what);
            for gateway in attached.gateways.iter().take(RELATED) {
                let own: Vec<String> = listeners(gateway.view)
                    .take(RELATED)
                    .map(|listener| {
                        format!("`{}` ({})", listener.name, listener.port().unwrap_or_default())
                    })
                    .collect();
                let message = format!("{} has {}", gateway.view.display(), own.join(", "));
                finding.related(gateway.source(), gateway.view.name_span(), message);
            }
        }
    }
}

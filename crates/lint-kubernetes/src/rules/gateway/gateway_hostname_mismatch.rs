use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::hosts::intersect;
use crate::gateway::{Attached, Gateways, hostnames, parents, routes};
use crate::placeholder::is_placeholder;
use crate::relations::RELATED;

rule! {
    /// A listener with a hostname serves that name only, or the names below its wildcard. A
    /// hostname of a route that no listener serves is passed over, and a route of which all are is
    /// not attached at all: requests to the host never reach it. A wildcard does not cover the
    /// name above it: `*.example.com` does not serve `example.com`.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   hostnames:
    ///   - shop.example.com
    ///   - example.com
    /// #   ^^^^^^^^^^^ no listener of Gateway `infra/edge` serves host `example.com` of HTTPRoute `infra/shop`
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
    ///   - {name: http, protocol: HTTP, port: 80, hostname: "*.example.com"}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   hostnames:
    ///   - a.shop.example.com
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
    ///   - {name: http, protocol: HTTP, port: 80, hostname: "*.example.com"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-hostname-mismatch",
        summary: "no listener serves a hostname of the route",
        remedy: "Add a listener for the host, or correct the hostname.",
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
        let view = route.view;
        if hostnames(view).next().is_none() {
            continue;
        }
        let attached: Vec<Attached<'_>> = gateways.attached(view).collect();
        // A parent that is not known may serve the host.
        let written = view.at(&["spec", "parentRefs"]).map_or(0, |list| list.items().count());
        if attached.len() != written
            || parents(view).count() != written
            || attached.iter().any(|one| one.is_partial || one.listeners.is_empty())
        {
            continue;
        }
        let takers = attached.iter().flat_map(|one| &one.listeners);
        let takers: Vec<_> =
            takers.filter(|(_, listener)| gateways.refuses(listener, view).is_none()).collect();
        let listeners = || takers.iter().copied();
        if listeners().any(|(_, listener)| listener.hostname().is_none_or(is_placeholder)) {
            continue;
        }
        let Some((gateway, _)) = listeners().next() else { continue };
        let served: Vec<Option<&str>> =
            listeners().map(|(_, listener)| listener.hostname()).collect();
        for (host, node) in hostnames(view) {
            if served.iter().any(|served| intersect(*served, Some(host))) {
                continue;
            }
            let message = format!(
                "no listener of {} serves host `{host}` of {}",
                gateway.view.display(),
                view.display()
            );
            let finding = out.report(route.source(), node.span(), message);
            finding.object(route.path()).field("spec.hostnames").evidence(host);
            for (gateway, listener) in listeners().take(RELATED) {
                let served = listener.hostname().unwrap_or_default();
                let message = format!("{} serves `{served}`", listener.display());
                let place = careen_kube_model::field(listener.node, "hostname");
                let place = place.map_or_else(|| gateway.view.name_span(), |node| node.span());
                finding.related(gateway.source(), place, message);
            }
        }
    }
}

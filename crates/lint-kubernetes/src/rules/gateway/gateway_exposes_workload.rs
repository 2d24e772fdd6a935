use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::doors::{destinations, is_at_a_gateway};
use crate::exposure::Exposure;
use crate::gateway::{Backend, Parent, backends, parents, routes};

rule! {
    /// An inventory for review: which workloads can be reached from outside through a Gateway, by
    /// a route of the Gateway API or a VirtualService of Istio. Each of them needs authentication,
    /// limits and updates. Off by default, since a route is made to do just that.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// #                ^^^^ HTTPRoute `shop` makes Pod `web` reachable from outside through Service `web`
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - backendRefs: [{name: web, port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-exposes-workload",
        summary: "gateway makes a workload reachable from outside",
        remedy: "Check that the workload is meant to be reached, and by whom.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        default: false,
        security: true,
        peers: &["kubescape:C-0266"],
        controls: &[control::DNS_LOAD_BALANCER, control::NETWORK_POLICIES],
        references: &["https://gateway-api.sigs.k8s.io/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut exposure = None;
    for route in routes(snapshot) {
        let view = route.view;
        if !parents(view).any(|parent| Parent::is_gateway(&parent)) {
            continue;
        }
        let exposure = exposure.get_or_insert_with(|| Exposure::of(snapshot));
        let services = backends(view)
            .filter(Backend::is_service)
            .map(|backend| (backend.target.namespace_from(view), backend.target.name));
        exposure.tell(route, services, out);
    }
    for service in snapshot.of_kind("VirtualService") {
        let view = service.view;
        if view.group() != "networking.istio.io" || !is_at_a_gateway(view) {
            continue;
        }
        let exposure = exposure.get_or_insert_with(|| Exposure::of(snapshot));
        exposure.tell(service, destinations(view), out);
    }
}

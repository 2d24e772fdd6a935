use careen_kube_model::IntOrString;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{Backend, Services, backends, routes};
use crate::relations::{RELATED, has_charts, has_port, shown_ports};

rule! {
    /// A route that sends requests to a Service that does not exist, or to a port the Service does
    /// not have, answers them with 500. It is fine where the Service comes from a chart or from
    /// another repository; a namespace of which the repository has no Service at all is not
    /// judged, and neither are backends of other kinds. The finding weighs less where the repository
    /// installs charts.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge, namespace: infra}
    ///   rules:
    ///   - backendRefs:
    ///     - {name: api, port: 80}
    /// #            ^^^ HTTPRoute `shop/shop` sends traffic to Service `api`, which is not in the repository
    ///     - {name: web, port: 8080}
    /// #                       ^^^^ HTTPRoute `shop/shop` sends traffic to port `8080` of Service `web`, which it does not have
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {port: 80, targetPort: 8080}
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
    ///     - {name: web, group: net.gke.io, kind: ServiceImport, port: 8080}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ports:
    ///   - {port: 80, targetPort: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-backend-not-found",
        summary: "route sends traffic to a service or port that does not exist",
        remedy: "Name a Service of the route's namespace and one of the Service's ports.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["kubescape:C-0302", "popeye:407", "popeye:1106"],
        controls: &[control::SERVICE_URLS, control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let (mut services, mut charts) = (None, None);
    for route in routes(snapshot) {
        let view = route.view;
        for backend in backends(view).filter(Backend::is_service) {
            let services = services.get_or_insert_with(|| Services::of(snapshot));
            let target = backend.target;
            let (name, namespace) = (target.name, target.namespace_from(view));
            if !services.knows(namespace) {
                continue;
            }
            let found = services.named(namespace, name);
            if found.is_empty() {
                let message = format!(
                    "{} sends traffic to Service `{name}`, which is not in the repository",
                    view.display()
                );
                let finding = out.report(route.source(), target.name_node.span(), message);
                finding.object(route.path()).evidence(name);
                if *charts.get_or_insert_with(|| has_charts(snapshot)) {
                    // The Service may come from a chart.
                    finding.severity(Severity::Low).confidence(Confidence::Low);
                }
                continue;
            }
            let Some(node) = backend.port() else { continue };
            let Some(number) = node.as_i64() else { continue };
            if found.iter().any(|service| has_port(*service, IntOrString::Int(number))) {
                continue;
            }
            let message = format!(
                "{} sends traffic to port `{number}` of Service `{name}`, which it does not have",
                view.display()
            );
            let finding = out.report(route.source(), node.span(), message);
            finding
                .object(route.path())
                .severity(Severity::High)
                .confidence(Confidence::High)
                .evidence(format!("{name}:{number}"));
            for service in found.iter().take(RELATED) {
                let message = format!("{} has {}", service.view.display(), shown_ports(*service));
                finding.related(service.source(), service.view.name_span(), message);
            }
        }
    }
}

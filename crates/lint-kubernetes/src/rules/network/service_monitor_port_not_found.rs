use std::collections::BTreeSet;

use careen_kube_model::field;
use careen_model::monitors::{Found, GROUP, Labelled, Monitor};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::{RELATED, shown_ports, text};

rule! {
    /// A ServiceMonitor scrapes the port of that name of the Services it selects. Where none of
    /// them has a port of the name, Prometheus drops the targets and scrapes nothing: dashboards
    /// are empty and alerts silent. The name is that of the Service's port, not of the container's.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   endpoints:
    ///   - port: metrics
    /// #         ^^^^^^^ ServiceMonitor `shop/web` scrapes port `metrics`, which no Service that it selects has
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{name: http-metrics, port: 9090}]
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   endpoints:
    ///   - port: http-metrics
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{name: http-metrics, port: 9090}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-monitor-port-not-found",
        summary: "monitor scrapes a port that no selected service has",
        remedy: "Use the name of a port of the Service.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::METRICS_EXPOSED],
        references: &["https://prometheus-operator.dev/docs/developer/getting-started/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut services = None;
    for object in snapshot.of_kind("ServiceMonitor") {
        let view = object.view;
        let Some(monitor) = Monitor::of(view).filter(|_| view.group() == GROUP) else { continue };
        let labelled = services.get_or_insert_with(|| {
            let list = snapshot.of_kind("Service");
            let list = list.filter(|service| service.view.group().is_empty());
            Labelled::of(snapshot, list.map(|service| (service, service.view.labels())))
        });
        let Found::Objects(found) = labelled.found(&monitor) else { continue };
        // A Service that is a patch may have any port.
        if found.is_empty()
            || found.iter().any(|service| service.view.at(&["spec", "ports"]).is_none())
        {
            continue;
        }
        let lists = found.iter().filter_map(|service| service.view.at(&["spec", "ports"]));
        let names: BTreeSet<&str> =
            lists.flat_map(|list| list.items()).filter_map(|port| text(port, "name")).collect();
        let endpoints = view.at(&["spec", "endpoints"]);
        for endpoint in endpoints.iter().flat_map(Node::items) {
            let Some(node) = field(endpoint, "port") else { continue };
            let Some(port) = node.text().filter(|port| !names.contains(port)) else { continue };
            let message = format!(
                "{} scrapes port `{port}`, which no Service that it selects has",
                view.display()
            );
            let finding = out.report(object.source(), node.span(), message);
            finding.object(object.path()).field("spec.endpoints").evidence(port);
            for service in found.iter().take(RELATED) {
                let message = format!("{} has {}", service.view.display(), shown_ports(*service));
                finding.related(service.source(), service.view.name_span(), message);
            }
        }
    }
}

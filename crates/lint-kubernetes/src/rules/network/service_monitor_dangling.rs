use careen_model::monitors::{Found, GROUP, Labelled, Monitor};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Workloads, has_charts, pairs, short_span};

rule! {
    /// A ServiceMonitor that selects no Service, or a PodMonitor that selects no pod, makes
    /// Prometheus scrape nothing: dashboards are empty and alerts silent, which looks like health.
    /// A ServiceMonitor goes by the labels of the Service, not by those of its pods. It is fine
    /// where the targets come from a chart or another repository; where the repository has none in
    /// the namespaces that count, nothing is said, and where it installs charts, the finding weighs less.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    /// #     ^^^^^^^^ ServiceMonitor `shop/web` selects no Service: none in namespace `shop` has `app: web`
    ///   endpoints: [{port: metrics}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop, labels: {app.kubernetes.io/name: web}}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{name: metrics, port: 9090}]
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app.kubernetes.io/name: web
    ///   endpoints: [{port: metrics}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop, labels: {app.kubernetes.io/name: web}}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{name: metrics, port: 9090}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-monitor-dangling",
        summary: "monitor selects nothing to scrape",
        remedy: "Make the selector match the labels of the Service, or of the pods for a PodMonitor.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["kube-linter:dangling-servicemonitor"],
        controls: &[control::METRICS_EXPOSED],
        references: &["https://prometheus-operator.dev/docs/developer/getting-started/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut monitors = snapshot.of_kind("ServiceMonitor").chain(snapshot.of_kind("PodMonitor"));
    if monitors.next().is_none() {
        return;
    }
    let has_charts = has_charts(snapshot);
    let mut services = None;
    for monitor in snapshot.of_kind("ServiceMonitor") {
        let labelled = services.get_or_insert_with(|| {
            let list = snapshot.of_kind("Service");
            let list = list.filter(|service| service.view.group().is_empty());
            Labelled::of(snapshot, list.map(|service| (service, service.view.labels())))
        });
        judge(monitor, "Service", labelled, has_charts, out);
    }
    let mut pods = None;
    for monitor in snapshot.of_kind("PodMonitor") {
        let labelled = pods.get_or_insert_with(|| {
            let workloads = Workloads::of(snapshot);
            let list: Vec<_> =
                workloads.iter().map(|workload| (workload.object, workload.labels)).collect();
            Labelled::of(snapshot, list.into_iter())
        });
        judge(monitor, "pod", labelled, has_charts, out);
    }
}

fn judge<'a>(
    object: ObjectRef<'a>,
    noun: &str,
    labelled: &mut Labelled<'a>,
    has_charts: bool,
    out: &mut SnapshotSink<'_>,
) {
    let view = object.view;
    if view.group() != GROUP {
        return;
    }
    let Some(monitor) = Monitor::of(view) else { return };
    let Found::Objects(found) = labelled.found(&monitor) else { return };
    if !found.is_empty() {
        return;
    }
    let node = monitor.selector.node();
    let labels = careen_kube_model::field(node, "matchLabels");
    let place = short_span(labels.unwrap_or(node));
    let shown = pairs(monitor.selector.equalities());
    let places = monitor.places();
    let message = format!("{} selects no {noun}: none in {places} has {shown}", view.display());
    let finding = out.report(object.source(), place, message);
    finding.object(object.path()).field("spec.selector");
    if has_charts {
        // The Service may come from a chart.
        finding.severity(Severity::Low).confidence(Confidence::Low);
    }
}

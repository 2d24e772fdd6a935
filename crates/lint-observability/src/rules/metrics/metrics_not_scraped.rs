use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::scrapes::{Scrapers, is_pushing};
use crate::servers::servers;

rule! {
    /// A workload serves, and nothing reads its metrics: no ServiceMonitor, PodMonitor or their kin selects
    /// it, no scrape configuration finds it, and neither its pods nor a Service asks for it by
    /// `prometheus.io/scrape`. How it does is known only from outside. Workloads that send their metrics
    /// themselves, by OpenTelemetry or to Datadog, are passed over. It is fine where the program
    /// has no metrics, or where the monitors stand in another repository.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ nothing scrapes Deployment `shop/web`: no monitor selects it, and no annotation asks for it
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1
    ///         ports: [{containerPort: 8080}]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1
    ///         ports: [{name: metrics, containerPort: 8080}]
    /// ---
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PodMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   podMetricsEndpoints: [{port: metrics}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "metrics-not-scraped",
        summary: "nothing scrapes the metrics of a workload that serves",
        remedy: "Expose metrics, and let a ServiceMonitor or PodMonitor select the workload.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::METRICS_EXPOSED],
        references: &["https://prometheus-operator.dev/docs/developer/getting-started/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut scrapers = None;
    for server in servers(snapshot) {
        let scrapers = scrapers.get_or_insert_with(|| Scrapers::of(snapshot));
        if scrapers.reach(&server) || is_pushing(&server) {
            continue;
        }
        let view = server.object.view;
        let message = format!(
            "nothing scrapes {}: no monitor selects it, and no annotation asks for it",
            view.display()
        );
        let finding = out.report(server.object.source(), view.name_span(), message);
        finding.object(server.object.path());
    }
}

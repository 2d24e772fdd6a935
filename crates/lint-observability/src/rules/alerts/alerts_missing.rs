use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::place::first_workload;
use crate::survey::Survey;

rule! {
    /// Without an alert the users tell that something is wrong. The repository has workloads and no
    /// alerting rule: neither in a PrometheusRule or its kin, nor in a file of rules, nor in a ConfigMap.
    /// It is fine where the alerts are kept in another repository.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ the repository has no alert: nothing tells when Deployment `shop/web` fails
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers: [{name: web, image: "registry.example.com/web:1"}]
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
    ///       containers: [{name: web, image: "registry.example.com/web:1"}]
    /// ---
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: Down
    ///       expr: up{job="web"} == 0
    /// ```
    pub(crate) static RULE: Check = {
        id: "alerts-missing",
        summary: "repository has workloads and no alert",
        remedy: "Write alerting rules for errors, latency and saturation of the workloads.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://prometheus.io/docs/practices/alerting/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(workload) = first_workload(snapshot) else { return };
    if Survey::of(snapshot).alerts().next().is_some() {
        return;
    }
    let view = workload.view;
    let message =
        format!("the repository has no alert: nothing tells when {} fails", view.display());
    let finding = out.report(workload.source(), view.name_span(), message);
    finding.object(workload.path());
}

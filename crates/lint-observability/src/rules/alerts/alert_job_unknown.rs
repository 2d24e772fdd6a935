use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::jobs::{hint, unknown};
use crate::survey::Survey;

rule! {
    /// An alert on a job that nothing scrapes never fires, whatever happens: the series are not there.
    /// The jobs of a repository are those of its monitors (for a ServiceMonitor the names of the Services
    /// it selects, or what `jobLabel` and relabelings say) and of its scrape configurations. Jobs of the
    /// cluster itself, such as `kubelet`, are taken to be there. Where some job cannot be known, because
    /// its Service or its chart is elsewhere, nothing is said.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: Down
    ///       expr: up{job="web-metrics"} == 0
    /// #                   ^^^^^^^^^^^ alert `Down` asks for job `web-metrics`, which nothing in the repository scrapes
    /// ---
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   endpoints: [{port: metrics}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{name: metrics, port: 9090}]
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: Down
    ///       expr: up{job="web"} == 0 or up{job="kubelet"} == 0
    /// ---
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   endpoints: [{port: metrics}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{name: metrics, port: 9090}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-job-unknown",
        summary: "alert asks for a job that nothing scrapes",
        remedy: "Name a job that is scraped, or scrape the one that is named.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://prometheus.io/docs/concepts/jobs_instances/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    for (file, set) in &survey.rule_sets {
        let Some(file) = snapshot.files().get(*file) else { continue };
        for (_, rule) in set.rules() {
            let Some(expression) = &rule.expression else { continue };
            for (span, job) in unknown(expression, &survey.jobs) {
                let message = format!(
                    "{} asks for job `{job}`, which nothing in the repository scrapes{}",
                    rule.display(),
                    hint(&job, &survey.jobs)
                );
                let finding = out.report(&file.source, span, message);
                finding.evidence(format!("{} {job}", rule.name()));
                if let Some(object) = &set.object {
                    finding.object(object.clone());
                }
            }
        }
    }
}

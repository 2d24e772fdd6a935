use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::survey::Survey;
use crate::topics::{TOPICS, covers};

rule! {
    /// Users notice three things: that it fails, that it is slow, and what comes before both, that it
    /// runs out of something. The alerts of the repository, taken together, leave one of them out.
    /// What an alert is about is read from the series and functions of its expression: `5..`, `error`
    /// and `failed` are errors; `histogram_quantile`, `_duration_` and `latency` are latency; CPU,
    /// memory, disks, volumes, queues, connections, throttling and the metrics of kube-state-metrics are
    /// saturation. A recorded series counts by its name.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: WebErrors
    /// #            ^^^^^^^^^ no alert of the repository is about latency or saturation
    ///       expr: sum(rate(http_requests_total{code=~"5.."}[5m])) > 1
    /// ```
    /// ```config
    /// rules:
    ///   alert-coverage-missing: {topics: [errors]}
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: WebErrors
    ///       expr: sum(rate(http_requests_total{code=~"5.."}[5m])) > 1
    /// ```
    /// ```yaml good file=all.yaml
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: WebErrors
    ///       expr: job:request_errors:ratio5m > 0.01
    ///     - alert: WebSlow
    ///       expr: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5
    ///     - alert: WebFull
    ///       expr: container_memory_working_set_bytes{pod=~"web-.*"} > 1e9
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-coverage-missing",
        summary: "alerts leave out errors, latency or saturation",
        remedy: "Add alerts for the topics that are left out.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://sre.google/sre-book/monitoring-distributed-systems/"],
        options: &[RuleOption {
            name: "topics",
            kind: OptionKind::Words,
            summary: "The topics asked for, of `errors`, `latency` and `saturation`; all without it.",
        }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    let Some((file, set, _, first)) = survey.alerts().next() else { return };
    let Some(file) = snapshot.files().get(file) else { return };
    let asked = context.options.words(RULE.meta.id, "topics");
    let is_asked = |topic: &&str| asked.is_empty() || asked.iter().any(|word| word == topic);
    let is_left_out = |topic: &&str| {
        let mut expressions =
            survey.alerts().filter_map(|(_, _, _, rule)| rule.expression.as_ref());
        !expressions.any(|expression| covers(expression, topic))
    };
    let missing: Vec<&str> = TOPICS.into_iter().filter(is_asked).filter(is_left_out).collect();
    if missing.is_empty() {
        return;
    }
    let span = first.alert.as_ref().map_or(first.at, |alert| alert.span);
    let message = format!("no alert of the repository is about {}", missing.join(" or "));
    let finding = out.report(&file.source, span, message);
    finding.evidence(missing.join(" "));
    if let Some(object) = &set.object {
        finding.object(object.clone());
    }
}

use std::collections::BTreeSet;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::closest;

use crate::Check;
use crate::place::cut;
use crate::survey::Survey;

rule! {
    /// Names with colons are those of recording rules: no program exposes such a metric. An alert on one
    /// that no rule records never fires. Where the repository has no recording rule at all, they are
    /// elsewhere, and nothing is said.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - record: job:requests:rate5m
    ///       expr: sum by (job) (rate(requests_total[5m]))
    ///     - alert: Quiet
    ///       expr: job:request:rate5m < 1
    /// #           ^^^^^^^^^^^^^^^^^^ alert `Quiet` asks for `job:request:rate5m`, which no rule records, did you mean `job:requests:rate5m`?
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - record: job:requests:rate5m
    ///       expr: sum by (job) (rate(requests_total[5m]))
    ///     - alert: Quiet
    ///       expr: job:requests:rate5m < 1
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-series-unknown",
        summary: "alert asks for a recorded series that no rule records",
        remedy: "Record the series, or use the name it is recorded under.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://prometheus.io/docs/practices/rules/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    let rules = survey.rule_sets.iter().flat_map(|(_, set)| set.rules());
    let recorded: BTreeSet<&str> =
        rules.filter_map(|(_, rule)| Some(rule.record.as_ref()?.text.as_str())).collect();
    if recorded.is_empty() {
        return;
    }
    for (file, set, _, rule) in survey.alerts() {
        let (Some(file), Some(expression)) = (snapshot.files().get(file), &rule.expression) else {
            continue;
        };
        let mut told = BTreeSet::new();
        for selector in &expression.query.selectors {
            let Some(metric) = selector.metric.as_deref().filter(|name| name.contains(':')) else {
                continue;
            };
            if recorded.contains(metric) || !told.insert(metric) {
                continue;
            }
            let hint = closest(metric, recorded.iter().copied());
            let hint =
                hint.map_or_else(String::new, |name| format!(", did you mean `{}`?", cut(name)));
            let message = format!(
                "{} asks for `{}`, which no rule records{hint}",
                rule.display(),
                cut(metric)
            );
            let span = expression.text.at(selector.at.clone());
            let finding = out.report(&file.source, span, message);
            finding.evidence(format!("{} {metric}", rule.name()));
            if let Some(object) = &set.object {
                finding.object(object.clone());
            }
        }
    }
}

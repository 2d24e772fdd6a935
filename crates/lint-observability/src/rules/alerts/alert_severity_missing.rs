use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::alerts::RuleSet;

rule! {
    /// Alertmanager decides by labels whom to wake. By convention that is `severity`; an alert without it
    /// goes wherever the default route leads, often nowhere. A label of the group counts for its rules.
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
    /// #            ^^^^ alert `Down` has no label `severity`
    ///       expr: up == 0
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
    ///       expr: up == 0
    ///       labels: {severity: critical}
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-severity-missing",
        summary: "alert has no severity",
        remedy: "Give the alert a label `severity`, by which Alertmanager routes it.",
        severity: Low,
        check: Check::Rules(check),
        default: false,
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://prometheus.io/docs/practices/alerting/"],
        options: &[RuleOption {
            name: "label",
            kind: OptionKind::Text,
            summary: "The label that alerts are routed by; `severity` without it.",
        }],
    }
}

fn check(rules: &RuleSet, context: &Context, out: &mut Sink<'_>) {
    let label = context.options.text(RULE.meta.id, "label").unwrap_or("severity");
    for (group, rule) in rules.alerts() {
        let mut labels = rule.labels.iter().chain(&group.labels);
        if labels.any(|(key, value)| key == label && !value.text.trim().is_empty()) {
            continue;
        }
        let span = rule.alert.as_ref().map_or(rule.at, |alert| alert.span);
        let message = format!("{} has no label `{label}`", rule.display());
        out.report(span, message).evidence(rule.name());
    }
}

use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::alerts::RuleSet;

rule! {
    /// Whoever is woken at night needs to know what to do. By convention the annotation `runbook_url`
    /// leads there, and tools show it as a link.
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
    /// #            ^^^^ alert `Down` has no runbook: the annotation `runbook_url` is missing
    ///       expr: up == 0
    ///     - alert: Slow
    ///       expr: latency_seconds > 1
    ///       annotations: {runbook_url: ""}
    /// #                                ^^ alert `Slow` has no runbook: the annotation `runbook_url` is empty
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
    ///       annotations: {runbook_url: "https://runbooks.example.com/down"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-runbook-missing",
        summary: "alert has no runbook",
        remedy: "Write down what to do, and lead there by the annotation `runbook_url`.",
        severity: Low,
        check: Check::Rules(check),
        default: false,
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://prometheus.io/docs/practices/alerting/"],
        options: &[RuleOption {
            name: "annotation",
            kind: OptionKind::Text,
            summary: "The annotation that leads to the runbook; `runbook_url` without it.",
        }],
    }
}

fn check(rules: &RuleSet, context: &Context, out: &mut Sink<'_>) {
    let annotation = context.options.text(RULE.meta.id, "annotation").unwrap_or("runbook_url");
    for (_, rule) in rules.alerts() {
        let found = rule.annotations.iter().find(|(key, _)| key == annotation);
        let (span, why) = match found {
            Some((_, text)) if !text.text.trim().is_empty() => continue,
            Some((_, text)) => (text.span, "empty"),
            None => (rule.alert.as_ref().map_or(rule.at, |alert| alert.span), "missing"),
        };
        let message =
            format!("{} has no runbook: the annotation `{annotation}` is {why}", rule.display());
        out.report(span, message).evidence(rule.name());
    }
}

use std::collections::BTreeMap;

use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::alerts::{Rule, RuleSet};
use crate::place::cut;

rule! {
    /// Prometheus refuses a file of rules in which a group has no name or the name of another one, in
    /// which a rule has neither `alert` nor `record` or has both, or lacks its `expr`. A recording rule
    /// is named as metrics are: letters, digits, `_` and `:`. Prometheus 3 takes other names too, but
    /// they must be quoted in every query, and older servers and most tools refuse them.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - record: web-requests.rate5m
    /// #             ^^^^^^^^^^^^^^^^^^^ recording rule `web-requests.rate5m` has no name of a metric: letters, digits, `_` and `:`
    ///       expr: rate(requests_total[5m])
    ///   - name: web
    /// #         ^^^ group `web` stands twice in the same file
    ///     rules:
    ///     - expr: up == 0
    /// #     ^^^^ rule of group `web` has neither `alert` nor `record`
    ///     - alert: Down
    /// #     ^^^^^ alert `Down` has no `expr`
    ///       for: 5m
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - record: web:requests:rate5m
    ///       expr: rate(requests_total[5m])
    ///   - name: web-alerts
    ///     rules:
    ///     - alert: Down
    ///       expr: up == 0
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-name-invalid",
        summary: "group or rule is named or made in a way that Prometheus refuses",
        remedy: "Give each group a name of its own, and each rule one of `alert` and `record`, and an `expr`.",
        severity: High,
        check: Check::Rules(check),
        aliases: &["record-name-invalid"],
        confidence: Confidence::High,
        controls: &[control::ALERTS_CONFIGURED],
        references: &[
            "https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/",
            "https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels",
        ],
    }
}

fn check(rules: &RuleSet, _: &Context, out: &mut Sink<'_>) {
    let mut seen = BTreeMap::new();
    for group in &rules.groups {
        let name = group.name.as_ref().filter(|name| !name.text.is_empty());
        match name {
            None => drop(out.report(group.at, "group of rules has no name").evidence("group")),
            Some(name) => {
                if let Some(first) = seen.insert(name.text.as_str(), name.span) {
                    let message =
                        format!("group `{}` stands twice in the same file", cut(&name.text));
                    let source = out.source().clone();
                    let finding = out.report(name.span, message);
                    finding.evidence(name.text.as_str()).related(&source, first, "the first one");
                }
            }
        }
        let shown =
            name.map_or_else(String::new, |name| format!(" of group `{}`", cut(&name.text)));
        for rule in &group.rules {
            judge(rule, &shown, out);
        }
    }
}

fn judge(rule: &Rule, group: &str, out: &mut Sink<'_>) {
    match (&rule.alert, &rule.record) {
        (None, None) => {
            let message = format!("rule{group} has neither `alert` nor `record`");
            out.report(rule.at, message).evidence("nameless");
            return;
        }
        (Some(alert), Some(_)) => {
            let message = format!("{} has `record`, too", rule.display());
            out.report(alert.span, message).evidence(rule.name());
        }
        (Some(alert), None) if alert.text.trim().is_empty() => {
            out.report(alert.span, format!("alert{group} has an empty name")).evidence("empty");
        }
        (None, Some(record)) if !is_metric(&record.text) => {
            let message =
                format!("{} has no name of a metric: letters, digits, `_` and `:`", rule.display());
            out.report(record.span, message).evidence(rule.name());
        }
        _ => {}
    }
    if rule.expression.is_none() {
        out.report(rule.at, format!("{} has no `expr`", rule.display())).evidence(rule.name());
    }
}

fn is_metric(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty() && name.chars().all(is_word)
}

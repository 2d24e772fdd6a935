use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::alerts::RuleSet;
use crate::duration;
use crate::place::cut;

rule! {
    /// Prometheus writes durations as whole numbers with units, the largest first: `90s`, `1h30m`. It
    /// refuses a file of rules with any other, and with it all alerts of the file. It also refuses `for`
    /// and `keep_firing_for` at a recording rule, which fires nothing.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     interval: 1.5m
    /// #             ^^^^ `interval` of group `web`: `1.5m` lacks a unit
    ///     rules:
    ///     - alert: Down
    ///       expr: up == 0
    ///       for: 5min
    /// #          ^^^^ `for` of alert `Down`: `5min` has a unit that is none of
    ///     - record: a:b
    ///       expr: sum(up)
    ///       for: 5m
    /// #          ^^ recording rule `a:b` has `for`, which only alerts have
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     interval: 90s
    ///     rules:
    ///     - alert: Down
    ///       expr: up == 0
    ///       for: 5m
    ///       keep_firing_for: 1h30m
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-for-invalid",
        summary: "duration of a rule or group is none that Prometheus takes",
        remedy: "Write the duration as whole numbers with units, such as `5m` or `1h30m`.",
        severity: High,
        check: Check::Rules(check),
        controls: &[control::ALERTS_CONFIGURED],
        references: &["https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/"],
    }
}

fn check(rules: &RuleSet, _: &Context, out: &mut Sink<'_>) {
    for group in &rules.groups {
        let name = group.name.as_ref().map_or("", |name| &name.text);
        for (field, text) in &group.durations {
            if let Some(why) = judge(&text.text) {
                let message =
                    format!("`{field}` of group `{}`: `{}` {why}", cut(name), cut(&text.text));
                out.report(text.span, message).evidence(name);
            }
        }
        for rule in &group.rules {
            for (field, text) in &rule.durations {
                let message = match (judge(&text.text), rule.alert.is_none()) {
                    (_, true) => {
                        format!("{} has `{field}`, which only alerts have", rule.display())
                    }
                    (Some(why), false) => {
                        format!("`{field}` of {}: `{}` {why}", rule.display(), cut(&text.text))
                    }
                    (None, false) => continue,
                };
                out.report(text.span, message).evidence(rule.name());
            }
        }
    }
}

/// What is wrong. What a deployment tool puts in is not known.
fn judge(text: &str) -> Option<&'static str> {
    if text.contains("${") { None } else { duration::problem(text) }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::alerts::RuleSet;
use crate::place::cut;
use crate::templates;

rule! {
    /// Labels and annotations of alerts are templates. One that does not parse makes Prometheus refuse
    /// the file with all its rules. Looked for are an action that is never closed, blocks without `end`,
    /// and variables that are not there: `$label` for `$labels`.
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
    ///       expr: up == 0
    ///       annotations:
    ///         summary: "{{ $label.instance }} is down"
    /// #                    ^^^^^^ annotation `summary` of alert `Down`: there is no variable `$label`, did you mean `$labels`?
    ///         description: "It is {{ $value }."
    /// #                           ^^ annotation `description` of alert `Down`: `{{` is never closed
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
    ///       annotations:
    ///         summary: "{{ $labels.instance }} is down"
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-template-invalid",
        summary: "template in a label or annotation of an alert does not parse",
        remedy: "Close every action and block, and use the variables `$labels`, `$value`, `$externalLabels` and `$externalURL`.",
        severity: High,
        check: Check::Rules(check),
        controls: &[control::ALERTS_CONFIGURED],
        references: &[
            "https://prometheus.io/docs/prometheus/latest/configuration/template_reference/",
        ],
    }
}

fn check(rules: &RuleSet, _: &Context, out: &mut Sink<'_>) {
    for (_, rule) in rules.alerts() {
        let labels = rule.labels.iter().map(|entry| ("label", entry));
        let annotations = rule.annotations.iter().map(|entry| ("annotation", entry));
        for (what, (key, text)) in labels.chain(annotations) {
            if let Some((range, why)) = templates::problem(&text.text) {
                let message = format!("{what} `{}` of {}: {why}", cut(key), rule.display());
                out.report(text.at(range), message).evidence(format!("{} {key}", rule.name()));
            }
        }
    }
}

use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::alerts::RuleSet;

rule! {
    /// Prometheus refuses a whole file of rules if one expression in it does not parse: no alert of the
    /// file fires. The operator drops the PrometheusRule, and tells so in its own log only. The finding
    /// stands at the word that does not fit, also inside of block scalars.
    ///
    /// Rules of Loki, which are written in LogQL, and those of VictoriaMetrics are not judged. Functions
    /// that the server knows besides those of Prometheus can be named by the option `functions`.
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
    ///       expr: |
    ///         sum(rate(http_requests_total{code=~"5.."}[5m]))
    ///           / sum(rates(http_requests_total[5m])) > 0.05
    /// #               ^^^^^ expression of alert `WebErrors` is refused by Prometheus: there is no function `rates`, did you mean `rate`?
    ///     - record: job:requests:rate5m
    ///       expr: sum by (job) (rate(http_requests_total))
    /// #                         ^^^^ expression of recording rule `job:requests:rate5m` is refused by Prometheus
    /// ```
    /// ```yaml bad file=prometheus/rules.yml
    /// groups:
    /// - name: web
    ///   rules:
    ///   - alert: WebDown
    ///     expr: "up{job=\"web\"} = 0"
    /// #                          ^ expression of alert `WebDown` is refused by Prometheus: unexpected `=`, equality is `==`
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: web
    ///     rules:
    ///     - alert: WebDown
    ///       expr: up{job="web"} == 0
    /// ```
    pub(crate) static RULE: Check = {
        id: "alert-expression-invalid",
        summary: "expression of an alerting or recording rule does not parse",
        remedy: "Write the expression in PromQL; `promtool check rules` tells whether it is.",
        severity: High,
        check: Check::Rules(check),
        controls: &[control::ALERTS_CONFIGURED],
        references: &[
            "https://prometheus.io/docs/prometheus/latest/querying/basics/",
            "https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/",
        ],
        options: &[RuleOption {
            name: "functions",
            kind: OptionKind::Words,
            summary: "Names of functions that the server knows besides those of Prometheus; none without it.",
        }],
    }
}

fn check(rules: &RuleSet, context: &Context, out: &mut Sink<'_>) {
    let known = context.options.words(RULE.meta.id, "functions");
    for (_, rule) in rules.rules() {
        let Some((span, problem)) = rule.expression.as_ref().and_then(|found| found.problem())
        else {
            continue;
        };
        if problem.unknown_function.as_ref().is_some_and(|name| known.contains(name)) {
            continue;
        }
        let message = format!(
            "expression of {} is refused by Prometheus: {}",
            rule.display(),
            problem.message
        );
        out.report(span, message).evidence(rule.name());
    }
}

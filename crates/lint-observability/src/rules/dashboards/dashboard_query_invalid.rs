use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::dashboards::Dashboard;
use crate::place::cut;

rule! {
    /// A panel whose query Prometheus refuses shows an error where a graph should be, and nobody notices
    /// before the day the graph is needed. Variables of Grafana stand for anything that fits; queries of
    /// other data sources are not judged.
    ///
    /// ```json bad file=dashboards/web.json
    /// {
    ///   "title": "Web",
    ///   "panels": [
    ///     {
    ///       "id": 1,
    ///       "title": "Requests",
    ///       "targets": [{"expr": "sum(rate(http_requests_total{job=\"$job\"}[$__rate_interval]) by (code)"}]
    /// #                                                                                         ^^ query of panel `Requests` in dashboard `Web` is refused by Prometheus: unexpected `by` where `,` or `)` is expected
    ///     }
    ///   ]
    /// }
    /// ```
    /// ```json good file=dashboards/web.json
    /// {
    ///   "title": "Web",
    ///   "panels": [
    ///     {
    ///       "id": 1,
    ///       "title": "Requests",
    ///       "targets": [{"expr": "sum by (code) (rate(http_requests_total{job=\"$job\"}[$__rate_interval]))"}]
    ///     },
    ///     {
    ///       "id": 2,
    ///       "title": "Log",
    ///       "datasource": {"type": "loki"},
    ///       "targets": [{"expr": "{app=\"web\"} |= \"error\""}]
    ///     }
    ///   ]
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "dashboard-query-invalid",
        summary: "query of a dashboard does not parse",
        remedy: "Write the query in PromQL.",
        severity: Medium,
        check: Check::Dashboard(check),
        controls: &[control::DASHBOARDS],
        references: &["https://prometheus.io/docs/prometheus/latest/querying/basics/"],
        options: &[RuleOption {
            name: "functions",
            kind: OptionKind::Words,
            summary: "Names of functions that the server knows besides those of Prometheus; none without it.",
        }],
    }
}

fn check(dashboard: &Dashboard, context: &Context, out: &mut Sink<'_>) {
    let known = context.options.words(RULE.meta.id, "functions");
    for (panel, query) in dashboard.queries() {
        let Some((span, problem)) = query.problem() else { continue };
        if problem.unknown_function.as_ref().is_some_and(|name| known.contains(name)) {
            continue;
        }
        let title = panel.title.as_deref().filter(|title| !title.is_empty());
        let shown = title.map_or_else(String::new, |title| format!("panel `{}` in ", cut(title)));
        let message = format!(
            "query of {shown}{} is refused by Prometheus: {}",
            dashboard.display(),
            problem.message
        );
        out.report(span, message).evidence(query.text.text.as_str());
    }
}

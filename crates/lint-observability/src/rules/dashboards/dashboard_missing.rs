use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::dashboards::Dashboard;
use crate::promql::{Matcher, Op};
use crate::servers::{Server, servers};
use crate::survey::Survey;

rule! {
    /// A workload serves, and no dashboard of the repository shows it: none has its name in its title, and
    /// none asks for a job, service, app, container or pod of its name. A dashboard that chooses these by a
    /// variable shows every workload. It is fine where dashboards are kept in another repository.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ no dashboard shows Deployment `shop/web`
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1
    ///         ports: [{containerPort: 8080}]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1
    ///         ports: [{containerPort: 8080}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: dashboards, namespace: shop, labels: {grafana_dashboard: "1"}}
    /// data:
    ///   shop.json: |
    ///     {"title": "Shop", "panels": [{"id": 1, "targets": [{"expr": "up{job=\"web\"}"}]}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "dashboard-missing",
        summary: "no dashboard shows a workload that serves",
        remedy: "Keep a dashboard beside the workload, with its errors, latency and saturation.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::DASHBOARDS],
        references: &["https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/best-practices/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    for server in servers(snapshot) {
        if survey.dashboards.iter().any(|(_, dashboard)| shows(dashboard, &server)) {
            continue;
        }
        let view = server.object.view;
        let message = format!("no dashboard shows {}", view.display());
        let finding = out.report(server.object.source(), view.name_span(), message);
        finding.object(server.object.path());
    }
}

fn shows(dashboard: &Dashboard, server: &Server<'_>) -> bool {
    let names = server.names();
    let title = dashboard.title.as_ref().map(|title| title.text.to_ascii_lowercase());
    let in_title = title.is_some_and(|title| names.iter().any(|name| is_word_of(&title, name)));
    in_title
        || dashboard.queries().any(|(_, query)| {
            let matchers = query.query.selectors.iter().flat_map(|selector| &selector.matchers);
            matchers.filter(|matcher| matcher.op != Op::Not).any(|matcher| asks(matcher, &names))
        })
}

/// Labels by which workloads are told apart.
const LABELS: [&str; 12] = [
    "app",
    "app_kubernetes_io_name",
    "application",
    "component",
    "container",
    "deployment",
    "destination_workload",
    "job",
    "name",
    "service",
    "service_name",
    "workload",
];

fn asks(matcher: &Matcher, names: &[&str]) -> bool {
    let label = matcher.label.as_str();
    let is_pod = matches!(label, "pod" | "pod_name" | "instance" | "statefulset" | "namespace");
    if !is_pod && !LABELS.contains(&label) {
        return false;
    }
    if matcher.is_variable && !is_pod {
        return true;
    }
    let value = matcher.value.as_str();
    match matcher.op {
        Op::Equal if label == "job" => {
            value.rsplit('/').next().is_some_and(|job| names.contains(&job))
        }
        Op::Equal => names.contains(&value),
        // A pattern names a workload where it has its name between signs: `web-.*`, `(web|api)`.
        _ => {
            let is_name = |word: &str| names.iter().any(|name| word.trim_end_matches('-') == *name);
            value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).any(is_name)
        }
    }
}

/// Whether a name stands in a text as words of its own; its parts may stand apart.
fn is_word_of(text: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_ascii_lowercase).collect()
    };
    let (text, name) = (words(text), words(name));
    !name.is_empty() && text.windows(name.len()).any(|window| window == name)
}

//! Alerts, dashboards in objects, collectors of logs.

use careen_kube_model::{ObjectView, field};
use careen_model::{Document, Snapshot};
use careen_yaml::Node;

use super::{Survey, counts, place};
use crate::Subject;

/// Names in images of programs that collect logs.
const COLLECTORS: [&str; 13] = [
    "fluent-bit",
    "fluentbit",
    "fluentd",
    "vector",
    "promtail",
    "alloy",
    "filebeat",
    "logstash",
    "otel",
    "opentelemetry-collector",
    "datadog",
    "splunk",
    "grafana-agent",
];

pub(super) fn see(snapshot: &Snapshot, survey: &mut Survey) {
    for file in snapshot.files().iter().filter(|file| counts(file)) {
        if file.document == Some(Document::PrometheusRules) {
            let roots = file.tree.iter().flat_map(careen_yaml::Tree::documents);
            for root in roots.filter_map(|document| document.root()) {
                alerts(root, &mut |name, node| {
                    survey.see(
                        Subject::Alerts,
                        place(file, node.span()),
                        format!("alert `{name}`"),
                    );
                });
            }
        }
        for view in file.views() {
            if let Some(spec) = view.spec().filter(|_| view.kind() == "PrometheusRule") {
                alerts(spec, &mut |name, node| {
                    survey.see(
                        Subject::Alerts,
                        place(file, node.span()),
                        format!("alert `{name}`"),
                    );
                });
            }
            let at = || place(file, view.name_span());
            let name = format!("{} `{}`", view.kind(), view.name());
            if is_dashboard(view) {
                survey.see(Subject::Dashboards, at(), &*name);
            }
            if collects_logs(view) {
                survey.see(Subject::LogAgents, at(), name);
            }
        }
    }
}

fn alerts(root: Node<'_>, see: &mut dyn FnMut(&str, Node<'_>)) {
    let groups = field(root, "groups").into_iter().flat_map(|groups| groups.items());
    let rules = groups.filter_map(|group| field(group, "rules")).flat_map(|rules| rules.items());
    for rule in rules {
        if let Some(alert) = field(rule, "alert") {
            see(alert.as_str().unwrap_or_default(), alert);
        }
    }
}

fn is_dashboard(view: ObjectView<'_>) -> bool {
    match view.kind() {
        "GrafanaDashboard" => true,
        "ConfigMap" => view.labels().iter().any(|label| label.key == "grafana_dashboard"),
        _ => false,
    }
}

fn collects_logs(view: ObjectView<'_>) -> bool {
    if matches!(
        view.kind(),
        "ClusterFlow" | "Flow" | "ClusterLogForwarder" | "OpenTelemetryCollector"
    ) {
        return true;
    }
    let Some(pod) = view.pod_template() else { return false };
    let images = pod.containers().filter_map(|container| container.image()?.as_str());
    let collects = |image: &str| COLLECTORS.iter().any(|name| image.contains(name));
    images.into_iter().any(collects)
}

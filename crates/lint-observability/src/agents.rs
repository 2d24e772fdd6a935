//! What collects logs: agents, operators' objects, charts, platforms.

use careen_kube_model::{PodTemplate, field};
use careen_model::{ObjectRef, Snapshot};
use careen_text::Span;
use careen_yaml::Node;

use crate::place::pods;

/// Something that collects logs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agent<'a> {
    /// What people call it.
    pub(crate) name: &'a str,
    pub(crate) object: ObjectRef<'a>,
    /// The pod, if it is one.
    pub(crate) pod: Option<PodTemplate<'a>>,
    /// Where it is named.
    pub(crate) at: Span,
}

/// Images by the last part of their repository.
const IMAGES: [&str; 19] = [
    "alloy",
    "aws-for-fluent-bit",
    "beats",
    "cloudwatch-agent",
    "elastic-agent",
    "filebeat",
    "fluent-bit",
    "fluentd",
    "fluentd-hec",
    "fluentd-kubernetes-daemonset",
    "grafana-agent",
    "k8s-logging-agent",
    "logdna-agent",
    "logspout",
    "newrelic-fluentbit-output",
    "promtail",
    "splunk-otel-collector",
    "sumologic-otel-collector",
    "vector",
];
/// Images that are called `agent`, by what stands before.
const AGENTS: [&str; 3] = ["datadog/agent", "datadoghq/agent", "grafana/agent"];

/// Objects that operators make agents of, by kind, with a part of the group.
const OBJECTS: [(&str, &str); 16] = [
    ("ClusterFlow", "logging"),
    ("Flow", "logging"),
    ("Logging", "logging"),
    ("LoggingRoute", "logging"),
    ("ClusterLogForwarder", "openshift.io"),
    ("ClusterLogging", "openshift.io"),
    ("FluentBit", "fluent"),
    ("ClusterFluentBitConfig", "fluent"),
    ("ClusterFilter", "fluent"),
    ("Fluentd", "fluent"),
    ("DatadogAgent", "datadoghq.com"),
    ("Beat", "beat.k8s.elastic.co"),
    ("Agent", "agent.k8s.elastic.co"),
    ("PodLogs", "grafana.com"),
    ("Vector", "kaasops.io"),
    ("LogPipeline", "telemetry"),
];

/// Charts that bring agents.
const CHARTS: [&str; 20] = [
    "alloy",
    "aws-for-fluent-bit",
    "datadog",
    "elastic-agent",
    "filebeat",
    "fluent-bit",
    "fluent-operator",
    "fluentd",
    "grafana-agent",
    "k8s-monitoring",
    "logging-operator",
    "loki-stack",
    "newrelic-bundle",
    "newrelic-logging",
    "opentelemetry-kube-stack",
    "promtail",
    "rancher-logging",
    "splunk-otel-collector",
    "sumologic",
    "vector",
];

/// Where charts are named, by kind.
const CHART_PLACES: [(&str, &[&str]); 4] = [
    ("HelmRelease", &["spec", "chart", "spec", "chart"]),
    ("Application", &["spec", "source", "chart"]),
    ("HelmChart", &["spec", "chart"]),
    ("HelmChartInflationGenerator", &["name"]),
];

/// Annotations of pods by which platforms and agents outside of the repository are told about logs.
const ANNOTATIONS: [&str; 6] = [
    "ad.datadoghq.com/",
    "co.elastic.logs/",
    "fluentbit.io/",
    "logging.banzaicloud.io/",
    "logs.improbable.io/",
    "vector.dev/",
];

/// The last part of an image's repository: `fluent-bit` of `cr.fluentbit.io/fluent/fluent-bit:4.0`.
pub(crate) fn last_part(image: &str) -> &str {
    let path = image.split('@').next().unwrap_or(image);
    let last = path.rsplit('/').next().unwrap_or(path);
    last.split(':').next().unwrap_or(last)
}

/// Everything that collects logs, in order: pods, objects, charts.
pub(crate) fn agents(snapshot: &Snapshot) -> Vec<Agent<'_>> {
    let mut found = Vec::new();
    for (object, pod) in pods(snapshot).filter(|(_, pod)| pod.is_long_running()) {
        found.extend(of_pod(snapshot, object, pod));
    }
    for (kind, group) in OBJECTS {
        let objects = snapshot.of_kind(kind);
        for object in objects.filter(|object| object.view.group().contains(group)) {
            let (name, at) = (object.view.kind(), object.view.name_span());
            found.push(Agent { name, object, pod: None, at });
        }
    }
    for object in snapshot.of_kind("OpenTelemetryCollector") {
        if written(object.view.root()).contains("filelog") {
            let at = object.view.name_span();
            found.push(Agent { name: "OpenTelemetryCollector", object, pod: None, at });
        }
    }
    for (kind, path) in CHART_PLACES {
        for object in snapshot.of_kind(kind) {
            let chart = object.view.at(path);
            found.extend(chart.and_then(|chart| of_chart(object, chart)));
        }
    }
    for object in snapshot.of_kind("Kustomization") {
        let charts = field(object.view.root(), "helmCharts");
        let names = charts.into_iter().flat_map(|charts| charts.items());
        found.extend(names.filter_map(|item| of_chart(object, field(item, "name")?)));
    }
    found
}

fn of_pod<'a>(
    snapshot: &'a Snapshot,
    object: ObjectRef<'a>,
    pod: PodTemplate<'a>,
) -> Option<Agent<'a>> {
    pod.containers().find_map(|container| {
        let node = container.image()?;
        let image = node.text()?;
        let last = last_part(image);
        let path = image.split(['@', ':']).next().unwrap_or(image);
        let is_agent = IMAGES.contains(&last) || AGENTS.iter().any(|agent| path.ends_with(agent));
        let is_collector = || {
            (last.starts_with("opentelemetry-collector") || last.starts_with("otelcol"))
                && configuration(snapshot, object, Some(pod)).contains("filelog")
        };
        let name = if last == "agent" { path } else { last };
        (is_agent || is_collector()).then(|| Agent {
            name,
            object,
            pod: Some(pod),
            at: node.span(),
        })
    })
}

fn of_chart<'a>(object: ObjectRef<'a>, chart: Node<'a>) -> Option<Agent<'a>> {
    let name = chart.text()?.rsplit('/').next()?;
    CHARTS.contains(&name).then(|| Agent { name, object, pod: None, at: chart.span() })
}

/// Whether a pod is told about to agents that are elsewhere.
pub(crate) fn is_annotated(pod: PodTemplate<'_>) -> bool {
    let mut annotations = pod.annotations().iter();
    annotations.any(|annotation| ANNOTATIONS.iter().any(|start| annotation.key.starts_with(start)))
}

/// The bytes that a node is written with.
fn written(node: Node<'_>) -> &str {
    node.source().slice(node.definition_span())
}

/// What configures an agent: its own object, and the ConfigMaps and Secrets that its pod mounts or the
/// object names.
pub(crate) fn configuration(
    snapshot: &Snapshot,
    object: ObjectRef<'_>,
    pod: Option<PodTemplate<'_>>,
) -> String {
    const TEXT_MAX: usize = 4 * 1024 * 1024;
    let mut text = written(object.view.root()).to_owned();
    let namespace = object.view.namespace();
    let named = |kind: &'static str, name: &str, text: &mut String| {
        for found in snapshot.named(kind, namespace, name) {
            if text.len() < TEXT_MAX {
                text.push('\n');
                text.push_str(written(found.view.root()));
            }
        }
    };
    for volume in pod.into_iter().flat_map(PodTemplate::volumes) {
        let sources = volume.source_of("projected").and_then(|node| field(node, "sources"));
        let projected = sources.into_iter().flat_map(|list| list.items());
        let projected = projected.filter_map(|item| field(item, "configMap"));
        for source in volume.source_of("configMap").into_iter().chain(projected) {
            if let Some(name) = field(source, "name").and_then(|node| node.text()) {
                named("ConfigMap", name, &mut text);
            }
        }
        let secret = volume.source_of("secret").and_then(|node| field(node, "secretName"));
        if let Some(name) = secret.and_then(|node| node.text()) {
            named("Secret", name, &mut text);
        }
    }
    let values = object.view.at(&["spec", "valuesFrom"]);
    for item in values.into_iter().flat_map(|list| list.items()) {
        if let Some(name) = field(item, "name").and_then(|node| node.text()) {
            named("ConfigMap", name, &mut text);
        }
    }
    text
}

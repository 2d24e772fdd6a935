use careen_kube_model::{Container, PodTemplate, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::place::cut;
use crate::scrapes::{SCRAPE, is_asked};

rule! {
    /// `prometheus.io/port` says at which port of the pod the metrics are. Where no container has that
    /// port, Prometheus asks where nobody answers: the target is down, and every graph is empty.
    /// The usual scrape configuration takes a number only, and goes to the first port of the container if
    /// it is given a name.
    ///
    /// Nothing is said of pods that declare no port at all, and of a number that a container also has in
    /// its arguments, environment or probes.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///       annotations:
    ///         prometheus.io/scrape: "true"
    ///         prometheus.io/port: "9090"
    /// #                           ^^^^^^ Deployment `shop/web` is scraped at port `9090`, which no container has: they have 8080
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
    ///     metadata:
    ///       labels: {app: web}
    ///       annotations:
    ///         prometheus.io/scrape: "true"
    ///         prometheus.io/port: "8080"
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1
    ///         ports: [{containerPort: 8080}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "scrape-annotation-port-mismatch",
        summary: "annotation asks Prometheus for a port that no container has",
        remedy: "Set `prometheus.io/port` to the number of the port that serves metrics.",
        severity: Medium,
        check: Check::Pod(check),
        confidence: Confidence::High,
        controls: &[control::METRICS_EXPOSED],
        references: &[
            "https://github.com/prometheus/prometheus/blob/main/documentation/examples/prometheus-kubernetes.yml",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    const PORT: &str = "prometheus.io/port";
    let annotations = pod.annotations();
    let (Some(port), Some(node)) = (annotations.get(PORT), annotations.get_node(PORT)) else {
        return;
    };
    if !is_asked(annotations.get(SCRAPE)) || port.contains(['$', '{']) {
        return;
    }
    let ports = pod.containers().flat_map(Container::ports);
    let ports: Vec<i64> =
        ports.filter_map(|entry| field(entry, "containerPort")?.as_i64()).take(100).collect();
    let message = match port.parse::<i64>() {
        Ok(number) if ports.is_empty() || ports.contains(&number) => return,
        Ok(_) if is_named_elsewhere(pod, port) => return,
        Ok(_) => {
            let shown: Vec<String> = ports.iter().take(5).map(i64::to_string).collect();
            format!(
                "{} is scraped at port `{port}`, which no container has: they have {}",
                pod.object.display(),
                shown.join(", ")
            )
        }
        Err(_) => format!(
            "{} is scraped at port `{}`, which is no number",
            pod.object.display(),
            cut(port)
        ),
    };
    out.report(node.span(), message).field(format!("metadata.annotations.{PORT}"));
}

/// Whether a container has the number in its arguments, environment or probes: a port need not be
/// declared to be served.
fn is_named_elsewhere(pod: PodTemplate<'_>, port: &str) -> bool {
    let holds = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|number| number == port);
    let in_node =
        |node: Node<'_>| node.walk().take(500).any(|visit| visit.node.text().is_some_and(holds));
    pod.containers().any(|container| {
        ["command", "args", "env", "livenessProbe", "readinessProbe", "startupProbe"]
            .iter()
            .filter_map(|key| container.field(key))
            .any(in_node)
    })
}

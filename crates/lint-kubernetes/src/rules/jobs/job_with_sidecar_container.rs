use careen_kube_model::{Container, Role};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;

/// Images, by the end of their repository, of programs that run until they are told to end.
const ENDLESS: [&str; 14] = [
    "cloud-sql-connectors/cloud-sql-proxy",
    "cloudsql-docker/gce-proxy",
    "alloydb-connectors/alloydb-auth-proxy",
    "istio/proxyv2",
    "envoyproxy/envoy",
    "linkerd/proxy",
    "fluent/fluent-bit",
    "fluent/fluentd",
    "grafana/promtail",
    "grafana/alloy",
    "beats/filebeat",
    "datadog/agent",
    "otel/opentelemetry-collector",
    "otel/opentelemetry-collector-contrib",
];

rule! {
    /// A job is done when all containers of its pod have ended. A proxy or a shipper of logs beside
    /// the one that does the work goes on for ever, and so the job is never done: its pods pile up,
    /// and the next run waits. A native sidecar is ended with the containers it serves.
    ///
    /// Containers are known by their images. Those with a command of their own are left out, since
    /// it may well end.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   jobTemplate:
    ///     spec:
    ///       template:
    ///         spec:
    ///           restartPolicy: Never
    ///           containers:
    ///           - name: report
    ///             image: registry.example.com/report:1.4.0
    ///           - name: proxy
    ///             image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.0
    /// #                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `proxy` in CronJob `shop/report` does not end, and neither does the job
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   jobTemplate:
    ///     spec:
    ///       template:
    ///         spec:
    ///           restartPolicy: Never
    ///           initContainers:
    ///           - name: proxy
    ///             image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.0
    ///             restartPolicy: Always
    ///           containers:
    ///           - name: report
    ///             image: registry.example.com/report:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "job-with-sidecar-container",
        summary: "job has a container that never ends",
        remedy: "Make it a native sidecar: an init container with `restartPolicy: Always`.",
        severity: Medium,
        check: Check::Container(check),
        confidence: Confidence::Medium,
        controls: &[control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#sidecar-containers-and-pod-lifecycle"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let pod = container.pod;
    if container.role != Role::Main || !pod.workload.is_job() {
        return;
    }
    let Some(node) = container.image() else { return };
    let image = node.text().unwrap_or_default();
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    let repository = match image.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => image,
    };
    let is_endless = ENDLESS.iter().any(|end| {
        repository.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    });
    // The proxies can be told to end by a request.
    let is_ended = container.words().any(|(word, _)| word.contains("quitquitquit"));
    if is_endless
        && !is_ended
        && container.command().is_none()
        && pod.main_containers().nth(1).is_some()
    {
        let message = format!("{} does not end, and neither does the job", container.display());
        out.report(node.span(), message).field("image");
    }
}

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::agents::{agents, is_annotated};
use crate::place::{first_workload, pods};

rule! {
    /// The log of a container is gone with its pod, and a node keeps a few megabytes at most: what happened
    /// before the crash is what nobody can read any more. The repository has workloads and nothing that
    /// collects their logs: no agent, no sidecar, no object of a logging operator, no chart, and no
    /// annotation that tells a platform about them. Where the platform collects all logs by itself, say so
    /// by the option `platform`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ nothing collects the logs of Deployment `shop/web` and of the rest of the repository
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers: [{name: web, image: "registry.example.com/web:1"}]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: fluent-bit, namespace: logging}
    /// spec:
    ///   selector: {matchLabels: {app: fluent-bit}}
    ///   template:
    ///     metadata: {labels: {app: fluent-bit}}
    ///     spec:
    ///       containers: [{name: fluent-bit, image: "cr.fluentbit.io/fluent/fluent-bit:4.0.1"}]
    /// ```
    /// ```config
    /// rules:
    ///   log-collection-missing: {platform: gke}
    /// ```
    /// ```yaml good file=web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers: [{name: web, image: "registry.example.com/web:1"}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "log-collection-missing",
        summary: "nothing collects the logs of the workloads",
        remedy: "Run a log agent on every node, or name the platform that collects logs.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/concepts/cluster-administration/logging/"],
        options: &[RuleOption {
            name: "platform",
            kind: OptionKind::Text,
            summary: "The platform that collects all logs without being asked, such as `gke`; without it the repository must.",
        }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    if context.options.text(RULE.meta.id, "platform").is_some_and(|name| !name.is_empty()) {
        return;
    }
    let Some(workload) = first_workload(snapshot) else { return };
    let annotated = || pods(snapshot).any(|(_, pod)| is_annotated(pod));
    // What EKS reads for pods on Fargate.
    let fargate = || snapshot.named("ConfigMap", Some("aws-observability"), "aws-logging").next();
    if annotated() || fargate().is_some() || !agents(snapshot).is_empty() {
        return;
    }
    let view = workload.view;
    let message = format!(
        "nothing collects the logs of {} and of the rest of the repository",
        view.display()
    );
    out.report(workload.source(), view.name_span(), message).object(workload.path());
}

use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::text;

rule! {
    /// A DaemonSet runs one pod on each node, a Pod is one pod, and jobs have their own
    /// parallelism: none of them can be scaled, and an autoscaler for one of them reports an error
    /// for ever and does nothing. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: DaemonSet, name: agent}
    /// #                                             ^^^^^^^^^ HorizontalPodAutoscaler `ops/agent` scales a DaemonSet, which has no replicas
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-target-not-scalable",
        summary: "autoscaler scales a kind that has no replicas",
        remedy: "Scale a Deployment or StatefulSet instead, or delete the autoscaler.",
        severity: High,
        check: Check::Kind(&["HorizontalPodAutoscaler", "ScaledObject"], check),
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !matches!(object.group(), "autoscaling" | "keda.sh") {
        return;
    }
    let Some(target) = object.at(&["spec", "scaleTargetRef"]) else { return };
    let Some(node) = field(target, "kind") else { return };
    let group = text(target, "apiVersion").unwrap_or_default();
    let group = group.split_once('/').map_or("", |(group, _)| group);
    let Some(kind) = node.text() else { return };
    let has_no_replicas = match kind {
        "DaemonSet" => matches!(group, "apps" | "extensions" | ""),
        "Job" | "CronJob" => matches!(group, "batch" | ""),
        "Pod" | "Service" => group.is_empty(),
        _ => false,
    };
    if !has_no_replicas {
        return;
    }
    let message = format!("{} scales a {kind}, which has no replicas", object.display());
    out.report(node.span(), message).field("spec.scaleTargetRef.kind");
}

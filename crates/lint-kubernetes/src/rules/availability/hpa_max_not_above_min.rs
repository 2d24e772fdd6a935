use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;

rule! {
    /// An autoscaler whose maximum is its minimum never scales, and one whose maximum is below is
    /// refused by the API server.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 3
    ///   maxReplicas: 3
    /// #              ^ HorizontalPodAutoscaler `web` never scales: at least 3 replicas, at most 3
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 3
    ///   maxReplicas: 9
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-max-not-above-min",
        summary: "autoscaler's maximum does not exceed its minimum",
        remedy: "Raise `maxReplicas` above `minReplicas`.",
        severity: Medium,
        check: Check::Object(check),
        peers: &["polaris:hpaMaxAvailability"],
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.is("autoscaling", "HorizontalPodAutoscaler") {
        return;
    }
    let number = |key| object.at(&["spec", key]).and_then(|node| node.as_i64());
    let least = number("minReplicas").unwrap_or(1);
    let Some(node) = object.at(&["spec", "maxReplicas"]) else { return };
    let Some(most) = node.as_i64().filter(|most| *most <= least) else { return };
    let message =
        format!("{} never scales: at least {least} replicas, at most {most}", object.display());
    let finding = out.report(node.span(), message);
    finding.field("spec.maxReplicas");
    if most < least {
        finding.severity(Severity::High);
    }
}

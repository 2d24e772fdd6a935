use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::relations::is_complete;
use crate::{Check, rollout};

rule! {
    /// A pod counts as available when it has been ready for `minReadySeconds`, and a rollout fails
    /// when it makes no progress for `progressDeadlineSeconds`, 600 where nothing is written. The
    /// API server refuses a deadline that is not above the former: every rollout would fail. There
    /// is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   minReadySeconds: 900
    /// #                  ^^^ Deployment `shop/api` waits 900 s for a pod to be available, and gives up after 600 s
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   minReadySeconds: 900
    ///   progressDeadlineSeconds: 1800
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "progress-deadline-below-ready",
        summary: "rollout fails before a pod can count as available",
        remedy: "Raise `progressDeadlineSeconds` above `minReadySeconds`.",
        severity: High,
        check: Check::Kind(&["Deployment"], check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != "apps" || !object.pod_template().is_some_and(is_complete) {
        return;
    }
    let Some((ready, node)) = rollout::number(object, "minReadySeconds") else { return };
    let deadline = rollout::number(object, "progressDeadlineSeconds").map_or(600, |found| found.0);
    if ready > 0 && deadline <= ready {
        let message = format!(
            "{} waits {ready} s for a pod to be available, and gives up after {deadline} s",
            object.display()
        );
        out.report(node.span(), message).field("spec.minReadySeconds");
    }
}

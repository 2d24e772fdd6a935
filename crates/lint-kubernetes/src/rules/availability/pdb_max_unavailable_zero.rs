use careen_kube_model::{IntOrString, ObjectView};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A budget that allows no pod to be unavailable refuses every eviction. Draining a node, and
    /// with it upgrading the cluster, waits for ever, until somebody deletes the pods by force.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 0
    /// #                 ^ PodDisruptionBudget `web` allows no pod to be unavailable, so no node
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pdb-max-unavailable-zero",
        summary: "disruption budget allows no pod to be unavailable",
        remedy: "Set `maxUnavailable: 1`.",
        severity: High,
        check: Check::Object(check),
        fragments: true,
        peers: &["kube-linter:pdb-max-unavailable", "polaris:pdbDisruptionsIsZero"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.is("policy", "PodDisruptionBudget") {
        return;
    }
    let Some(node) = object.at(&["spec", "maxUnavailable"]) else { return };
    let value = IntOrString::of(node);
    if value.is_some_and(|value| value.int() == Some(0) || value.percent() == Some(0)) {
        let message = format!(
            "{} allows no pod to be unavailable, so no node that runs one can be drained",
            object.display()
        );
        out.report(node.span(), message).field("spec.maxUnavailable");
    }
}

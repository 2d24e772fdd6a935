use careen_kube_model::{IntOrString, ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A budget that is content with no available pod, or allows all to be unavailable, refuses no
    /// eviction: all pods may go together when nodes are drained, and everybody believes that they
    /// are protected.
    ///
    /// It is fine as an explicit statement that the workload needs no protection.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   minAvailable: 0
    /// #               ^ PodDisruptionBudget `shop/api` lets all pods be evicted at once
    ///   unhealthyPodEvictionPolicy: AlwaysAllow
    ///   selector:
    ///     matchLabels: {app: api}
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   maxUnavailable: 1
    ///   unhealthyPodEvictionPolicy: AlwaysAllow
    ///   selector:
    ///     matchLabels: {app: api}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pdb-protects-nothing",
        summary: "disruption budget lets all pods be evicted at once",
        remedy: "Set `maxUnavailable: 1`.",
        severity: Low,
        check: Check::Kind(&["PodDisruptionBudget"], check),
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(spec) = object.spec().filter(|_| object.is("policy", "PodDisruptionBudget")) else {
        return;
    };
    let given = |key| {
        let node = field(spec, key)?;
        Some((IntOrString::of(node)?, node, key))
    };
    let least = given("minAvailable")
        .filter(|(value, ..)| value.int() == Some(0) || value.percent() == Some(0));
    let most = given("maxUnavailable")
        .filter(|(value, ..)| value.percent().is_some_and(|percent| percent >= 100));
    if let Some((_, node, key)) = least.or(most) {
        let message = format!("{} lets all pods be evicted at once", object.display());
        out.report(node.span(), message).field(format!("spec.{key}"));
    }
}

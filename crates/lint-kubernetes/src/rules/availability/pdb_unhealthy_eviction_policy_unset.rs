use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// By default a pod that runs and is not ready may be evicted only while the budget is met by
    /// others. Where a bad release has made all of them unready, none may be evicted, and every
    /// node that runs one cannot be drained. `AlwaysAllow` lets pods go that do not serve anyway.
    ///
    /// It is fine without one for software that loses data when an unready member is evicted, which
    /// then says `IfHealthyBudget`.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    /// #       ^^^ PodDisruptionBudget `shop/api` does not let go of pods that do not work
    ///   namespace: shop
    /// spec:
    ///   maxUnavailable: 1
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
        id: "pdb-unhealthy-eviction-policy-unset",
        summary: "disruption budget protects pods that do not work",
        remedy: "Set `unhealthyPodEvictionPolicy: AlwaysAllow`.",
        severity: Low,
        check: Check::Kind(&["PodDisruptionBudget"], check),
        peers: &["kube-linter:pdb-unhealthy-pod-eviction-policy"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy"],
    }
}

fn check(object: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    // The field is there since 1.27, for budgets that are whole.
    let Some(spec) = object.spec().filter(|_| object.is("policy", "PodDisruptionBudget")) else {
        return;
    };
    let is_whole = field(spec, "selector").is_some();
    if is_whole && field(spec, POLICY).is_none() && context.kubernetes.is_at_least(27) {
        let message = format!("{} does not let go of pods that do not work", object.display());
        out.report(object.name_span(), message).field(format!("spec.{POLICY}"));
    }
}

const POLICY: &str = "unhealthyPodEvictionPolicy";

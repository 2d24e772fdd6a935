use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A budget that says neither `minAvailable` nor `maxUnavailable` has no effect, and one that
    /// says both is refused by the API server.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// #       ^^^ PodDisruptionBudget `web` sets neither `minAvailable` nor `maxUnavailable`
    /// spec:
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
        id: "pdb-no-policy",
        summary: "disruption budget does not say how many pods it protects",
        remedy: "Set exactly one of `minAvailable` and `maxUnavailable`.",
        severity: Medium,
        check: Check::Object(check),
        peers: &["kube-score:poddisruptionbudget-has-policy"],
        controls: &[control::AVAILABILITY, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.is("policy", "PodDisruptionBudget") {
        return;
    }
    let Some(spec) = object.spec() else { return };
    // A budget without a selector is a patch of one.
    if field(spec, "selector").is_none() {
        return;
    }
    match (field(spec, "minAvailable"), field(spec, "maxUnavailable")) {
        (None, None) => {
            let message =
                format!("{} sets neither `minAvailable` nor `maxUnavailable`", object.display());
            out.report(object.name_span(), message).field("spec");
        }
        (Some(_), Some(node)) => {
            let message =
                format!("{} sets both `minAvailable` and `maxUnavailable`", object.display());
            out.report(node.span(), message).field("spec.maxUnavailable");
        }
        _ => {}
    }
}

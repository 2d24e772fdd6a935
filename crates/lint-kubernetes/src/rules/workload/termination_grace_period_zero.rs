use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// With a grace period of zero the pod is killed at once: requests are cut off, nothing is
    /// flushed, no `preStop` hook runs. And it is removed from the API server before it has
    /// surely ended, so that a StatefulSet may run the same member twice.
    ///
    /// It is fine for a pod whose sudden death loses nothing.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   terminationGracePeriodSeconds: 0
    /// #                                ^ Pod `ops/agent` is killed without warning
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   terminationGracePeriodSeconds: 20
    /// ```
    pub(crate) static RULE: Check = {
        id: "termination-grace-period-zero",
        summary: "pod is killed without warning",
        remedy: "Remove `terminationGracePeriodSeconds: 0`, or set what a clean end takes.",
        severity: Medium,
        check: Check::Pod(check),
        fragments: true,
        controls: &[control::AVAILABILITY],
        references: &[
            "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let period = pod.field("terminationGracePeriodSeconds");
    if let Some(node) = period.filter(|node| node.as_i64() == Some(0)) {
        let message = format!("{} is killed without warning", pod.object.display());
        out.report(node.span(), message).field("spec.terminationGracePeriodSeconds");
    }
}

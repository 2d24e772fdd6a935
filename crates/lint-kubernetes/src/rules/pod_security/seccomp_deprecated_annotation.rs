use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// The annotations `seccomp.security.alpha.kubernetes.io/pod` and
    /// `container.seccomp.security.alpha.kubernetes.io/…` have had no effect since Kubernetes
    /// 1.27. What looks like a profile is none.
    ///
    /// There is no case in which this is right on a cluster that is still supported.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    ///   annotations:
    ///     seccomp.security.alpha.kubernetes.io/pod: runtime/default
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Pod `ops/agent` sets seccomp by the annotation `seccomp.security.alpha.kubernetes.io/pod`, which has no effect
    /// spec: {}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   securityContext:
    ///     seccompProfile: {type: RuntimeDefault}
    /// ```
    pub(crate) static RULE: Check = {
        id: "seccomp-deprecated-annotation",
        summary: "seccomp is set by an annotation that has no effect",
        remedy: "Move the profile to `securityContext.seccompProfile`.",
        severity: Medium,
        check: Check::Pod(check),
        peers: &["kubeaudit:SeccompDeprecatedAnnotations"],
        security: true,
        fragments: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/labels-annotations-taints/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    for annotation in pod.annotations().iter() {
        let key = annotation.key;
        if key == POD || key.starts_with(CONTAINER) {
            let key = key.get(..LONGEST).unwrap_or(key);
            let message = format!(
                "{} sets seccomp by the annotation `{key}`, which has no effect",
                pod.object.display()
            );
            out.report(annotation.key_node.span(), message).evidence(key);
        }
    }
}

const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
/// Longer keys are cut in messages.
const LONGEST: usize = 120;

use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// With a shared process namespace every container of the pod sees the processes of the
    /// others, their arguments and environment, and through `/proc/<pid>/root` their files. A
    /// helper that is broken into then has the secrets of the main container.
    ///
    /// It is fine where a helper has to signal the main process, and where both are trusted
    /// alike.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   shareProcessNamespace: true
    /// #                        ^^^^ containers of Pod `ops/agent` see each other's processes
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   shareProcessNamespace: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "share-process-namespace",
        summary: "containers of the pod see each other's processes",
        remedy: "Remove `shareProcessNamespace`, or keep helpers with fewer rights out of the pod.",
        severity: Low,
        check: Check::Pod(check),
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(node) = pod.true_field("shareProcessNamespace") {
        let message = format!("containers of {} see each other's processes", pod.object.display());
        out.report(node.span(), message).field("spec.shareProcessNamespace");
    }
}

use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A pod that shares the node's interprocess communication reads and writes the shared memory
    /// and semaphores of other pods and of the node.
    ///
    /// Next to nothing needs it: containers of one pod share theirs without it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   hostIPC: true
    /// #          ^^^^ Pod `ops/agent` shares the memory of the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   hostIPC: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-ipc",
        summary: "pod shares the node's interprocess communication",
        remedy: "Remove `hostIPC`.",
        severity: High,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:host-ipc",
            "polaris:hostIPCSet",
            "kubesec:HostIPC",
            "checkov:CKV_K8S_18",
            "trivy:KSV-0008",
            "kubescape:C-0038",
            "kubescape:C-0276",
            "kics:shared_host_ipc_namespace",
            "kubeaudit:NamespaceHostIPCTrue",
            "pss:hostNamespaces",
        ],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(node) = pod.host_ipc() {
        let message = format!("{} shares the memory of the node", pod.object.display());
        out.report(node.span(), message).field("spec.hostIPC");
    }
}

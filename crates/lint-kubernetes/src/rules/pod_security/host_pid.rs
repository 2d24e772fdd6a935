use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A pod that shares the node's process table sees every process with its arguments and
    /// environment, secrets included, and as root can trace and kill them.
    ///
    /// Node monitors and security agents need it; suppress the finding there with a reason.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   hostPID: true
    /// #          ^^^^ Pod `ops/agent` sees the processes of the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   hostPID: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-pid",
        summary: "pod sees the node's processes",
        remedy: "Remove `hostPID`.",
        severity: High,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:host-pid",
            "polaris:hostPIDSet",
            "kubesec:HostPID",
            "checkov:CKV_K8S_17",
            "trivy:KSV-0010",
            "kubescape:C-0038",
            "kubescape:C-0275",
            "kics:shared_host_pid_namespace",
            "kubeaudit:NamespaceHostPIDTrue",
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
    if let Some(node) = pod.host_pid() {
        let message = format!("{} sees the processes of the node", pod.object.display());
        out.report(node.span(), message).field("spec.hostPID");
    }
}

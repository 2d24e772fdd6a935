use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// In the IPC namespace of the node, a container can read and write the shared memory of other
    /// processes of the node.
    ///
    /// PodSecurityPolicy was removed in Kubernetes 1.25, so the rule is for what is left of older
    /// clusters and off unless it is asked for; Pod Security admission took its place.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   hostIPC: true
    /// #          ^^^^ PodSecurityPolicy `restricted` lets pods share memory with the node
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   hostIPC: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-host-ipc",
        summary: "policy allows the IPC namespace of the node",
        remedy: "Set `hostIPC: false`.",
        severity: High,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_3", "kubescape:C-0215", "kics:psp_allows_sharing_host_ipc"],
        security: true,
        cwe: &[653],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let allowed = view.at(&["spec", "hostIPC"]);
    if let Some(node) = allowed.filter(|node| node.as_bool() == Some(true)) {
        out.report(node.span(), format!("{} lets pods share memory with the node", view.display()))
            .field("spec.hostIPC");
    }
}

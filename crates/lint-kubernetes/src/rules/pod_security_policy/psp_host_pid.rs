use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// In the process namespace of the node, a container sees every process with its environment,
    /// and as root can send signals to them and read their memory.
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
    ///   hostPID: true
    /// #          ^^^^ PodSecurityPolicy `restricted` lets pods see the processes of the node
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   hostPID: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-host-pid",
        summary: "policy allows the process namespace of the node",
        remedy: "Set `hostPID: false`.",
        severity: High,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_1", "kubescape:C-0214", "kics:psp_allows_sharing_host_pid"],
        security: true,
        cwe: &[653],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let allowed = view.at(&["spec", "hostPID"]);
    if let Some(node) = allowed.filter(|node| node.as_bool() == Some(true)) {
        out.report(
            node.span(),
            format!("{} lets pods see the processes of the node", view.display()),
        )
        .field("spec.hostPID");
    }
}

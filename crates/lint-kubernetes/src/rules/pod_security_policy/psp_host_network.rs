use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// On the network of the node, a container reaches what trusts `localhost`, can listen to the
    /// traffic of other pods, and is bound by no network policy.
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
    ///   hostNetwork: true
    /// #              ^^^^ PodSecurityPolicy `restricted` lets pods use the network of the node
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   hostNetwork: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-host-network",
        summary: "policy allows the network of the node",
        remedy: "Set `hostNetwork: false`.",
        severity: High,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &[
            "checkov:CKV_K8S_4",
            "kubescape:C-0216",
            "kics:psp_containers_share_host_network_namespace",
        ],
        security: true,
        cwe: &[653],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let allowed = view.at(&["spec", "hostNetwork"]);
    if let Some(node) = allowed.filter(|node| node.as_bool() == Some(true)) {
        out.report(
            node.span(),
            format!("{} lets pods use the network of the node", view.display()),
        )
        .field("spec.hostNetwork");
    }
}

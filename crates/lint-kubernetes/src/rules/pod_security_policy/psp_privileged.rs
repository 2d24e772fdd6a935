use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A privileged container has every capability and every device of its node: whoever may create
    /// one owns the node.
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
    ///   privileged: true
    /// #             ^^^^ PodSecurityPolicy `restricted` lets pods be privileged
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   privileged: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-privileged",
        summary: "policy allows privileged pods",
        remedy: "Set `privileged: false`.",
        severity: High,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_2", "kubescape:C-0213", "kics:psp_set_to_privileged"],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let allowed = view.at(&["spec", "privileged"]);
    if let Some(node) = allowed.filter(|node| node.as_bool() == Some(true)) {
        out.report(node.span(), format!("{} lets pods be privileged", view.display()))
            .field("spec.privileged");
    }
}

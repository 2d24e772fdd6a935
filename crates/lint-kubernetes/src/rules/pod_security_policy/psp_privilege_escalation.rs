use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A process may gain more rights than its parent by set-user-ID programs unless that is
    /// forbidden. In a PodSecurityPolicy it is allowed where nothing is said.
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
    ///   allowPrivilegeEscalation: true
    /// #                           ^^^^ PodSecurityPolicy `restricted` lets processes gain rights
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   allowPrivilegeEscalation: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-privilege-escalation",
        summary: "policy allows privilege escalation",
        remedy: "Set `allowPrivilegeEscalation: false`.",
        severity: Medium,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_5", "kubescape:C-0217", "kics:psp_allows_privilege_escalation"],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let escalation = view.at(&["spec", "allowPrivilegeEscalation"]);
    if escalation.is_some_and(|node| node.as_bool() == Some(false)) {
        return;
    }
    let span = escalation.map_or_else(|| view.name_span(), |node| node.span());
    out.report(span, format!("{} lets processes gain rights", view.display()))
        .field("spec.allowPrivilegeEscalation");
}

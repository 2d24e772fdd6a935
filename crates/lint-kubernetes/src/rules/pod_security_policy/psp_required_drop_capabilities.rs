use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A container starts with a set of capabilities that few programs need. A policy that requires
    /// none to be dropped leaves them to every pod.
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
    ///   requiredDropCapabilities: []
    /// #                           ^^ PodSecurityPolicy `restricted` makes pods drop no capability
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   requiredDropCapabilities: [ALL]
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-required-drop-capabilities",
        summary: "policy makes pods drop no capability",
        remedy: "Set `requiredDropCapabilities: [ALL]`.",
        severity: Low,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &[
            "checkov:CKV_K8S_36",
            "kubescape:C-0220",
            "kics:not_limited_capabilities_for_pod_security_policy",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let dropped = view.at(&["spec", "requiredDropCapabilities"]);
    if dropped.is_some_and(|dropped| dropped.items().next().is_some()) {
        return;
    }
    let span = dropped.map_or_else(|| view.name_span(), |dropped| dropped.span());
    out.report(span, format!("{} makes pods drop no capability", view.display()))
        .field("spec.requiredDropCapabilities");
}

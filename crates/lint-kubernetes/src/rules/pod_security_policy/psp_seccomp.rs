use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A seccomp profile keeps containers from system calls that they do not need and that exploits
    /// of the kernel do. A policy gives pods one by an annotation; without it they run unconfined.
    ///
    /// PodSecurityPolicy was removed in Kubernetes 1.25, so the rule is for what is left of older
    /// clusters and off unless it is asked for; Pod Security admission took its place.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// #       ^^^^^^^^^^ PodSecurityPolicy `restricted` gives pods no seccomp profile
    /// spec:
    ///   privileged: false
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    ///   annotations:
    ///     seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default
    /// spec:
    ///   privileged: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-seccomp",
        summary: "policy has no seccomp profile",
        remedy: "Set the annotation `seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default`.",
        severity: Low,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_32"],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let annotation = view.annotations().get_node(PROFILE);
    if annotation.is_some_and(|node| !matches!(node.text(), None | Some("" | "unconfined" | "*"))) {
        return;
    }
    let span = annotation.map_or_else(|| view.name_span(), |node| node.span());
    out.report(span, format!("{} gives pods no seccomp profile", view.display()))
        .field("metadata.annotations");
}

const PROFILE: &str = "seccomp.security.alpha.kubernetes.io/defaultProfileName";

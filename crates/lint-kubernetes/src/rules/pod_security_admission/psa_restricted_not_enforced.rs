use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::labels::{ENFORCE, is_system};

rule! {
    /// The restricted standard is what a hardened pod keeps anyway: no root, no capabilities, a
    /// seccomp profile. Enforcing it holds the next pod to it as well. Many programs are not that
    /// far, so this rule is off by default.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    /// #                                       ^^^^^^^^ Namespace `shop` does not enforce the restricted Pod Security Standard
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ```
    pub(crate) static RULE: Check = {
        id: "psa-restricted-not-enforced",
        summary: "namespace does not enforce the restricted Pod Security Standard",
        remedy: "Set `pod-security.kubernetes.io/enforce: restricted`, after a while with `warn: restricted`.",
        severity: Info,
        check: Check::Kind(&["Namespace"], check),
        peers: &["kubescape:C-0197", "kubescape:C-0198", "kubescape:C-0200", "kubescape:C-0201"],
        security: true,
        default: false,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let labels = object.labels();
    if labels.get(ENFORCE) == Some("restricted")
        || !object.group().is_empty()
        || is_system(object.name())
    {
        return;
    }
    let span = labels.get_node(ENFORCE).map_or_else(|| object.name_span(), |node| node.span());
    let message =
        format!("{} does not enforce the restricted Pod Security Standard", object.display());
    out.report(span, message).field("metadata.labels");
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::labels::{ENFORCE, is_system};

rule! {
    /// `enforce: privileged` lets pods of the namespace do anything to their nodes: no known way
    /// out of a container is closed. The baseline standard closes them and asks nothing of ordinary
    /// pods.
    ///
    /// Namespaces for storage and network drivers need it; suppress the finding there with a
    /// reason. Namespaces of Kubernetes itself are left out, and those without a label are reported
    /// by `psa-label-missing`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: privileged
    /// #                                       ^^^^^^^^^^ Namespace `shop` enforces nothing on its pods
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    /// ```
    pub(crate) static RULE: Check = {
        id: "psa-baseline-not-enforced",
        summary: "namespace does not enforce the baseline Pod Security Standard",
        remedy: "Set `pod-security.kubernetes.io/enforce: baseline` and mend or move the pods that break it.",
        severity: Low,
        check: Check::Kind(&["Namespace"], check),
        peers: &[
            "kubescape:C-0193",
            "kubescape:C-0194",
            "kubescape:C-0195",
            "kubescape:C-0196",
            "kubescape:C-0199",
            "kubescape:C-0202",
            "kubescape:C-0203",
            "kubescape:C-0204",
        ],
        security: true,
        fragments: true,
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
    if labels.get(ENFORCE) != Some("privileged")
        || !object.group().is_empty()
        || is_system(object.name())
    {
        return;
    }
    if let Some(node) = labels.get_node(ENFORCE) {
        let message = format!("{} enforces nothing on its pods", object.display());
        out.report(node.span(), message).field("metadata.labels");
    }
}

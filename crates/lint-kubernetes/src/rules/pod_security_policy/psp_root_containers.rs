use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;

rule! {
    /// Root in a container is root on the node once it gets out of it. A policy should make pods
    /// run as another user: `MustRunAsNonRoot`, or `MustRunAs` with ranges that leave out 0.
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
    ///   runAsUser:
    ///     rule: RunAsAny
    /// #         ^^^^^^^^ PodSecurityPolicy `restricted` lets containers run as root
    /// ```
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   runAsUser:
    ///     rule: MustRunAs
    ///     ranges:
    ///     - min: 0
    /// #          ^ PodSecurityPolicy `restricted` lets containers run as root
    ///       max: 65535
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   runAsUser:
    ///     rule: MustRunAsNonRoot
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-root-containers",
        summary: "policy lets containers run as root",
        remedy: "Set `runAsUser.rule: MustRunAsNonRoot`.",
        severity: Medium,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_6", "kubescape:C-0218", "kics:root_containers_admitted"],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let rule = view.at(&["spec", "runAsUser", "rule"]);
    let ranges = view.at(&["spec", "runAsUser", "ranges"]);
    let zero = ranges.iter().flat_map(Node::items).find_map(|range| {
        field(range, "min").filter(|min| min.as_i64().is_some_and(|min| min <= 0))
    });
    let span = match rule.and_then(|rule| rule.text()) {
        Some("MustRunAsNonRoot") => return,
        Some("MustRunAs") => match zero {
            Some(min) => min.span(),
            None => return,
        },
        _ => rule.map_or_else(|| view.name_span(), |rule| rule.span()),
    };
    out.report(span, format!("{} lets containers run as root", view.display()))
        .field("spec.runAsUser");
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::capabilities;
use crate::relations::short_span;

rule! {
    /// With `NET_RAW` a container can forge packets and answer for other addresses in its network.
    /// Every container has it unless it is dropped.
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
    ///   requiredDropCapabilities: [SYS_TIME]
    /// #                           ^^^^^^^^^^ PodSecurityPolicy `restricted` does not make pods drop `NET_RAW`
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
        id: "psp-net-raw",
        summary: "policy does not make pods drop `NET_RAW`",
        remedy: "Add `ALL` or `NET_RAW` to `requiredDropCapabilities`.",
        severity: Low,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_7", "kics:net_raw_capabilities_disabled_for_psp"],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let dropped = view.at(&["spec", "requiredDropCapabilities"]);
    let names = dropped.iter().flat_map(Node::items).filter_map(|name| name.text());
    if names.into_iter().any(|name| matches!(&*capabilities::name(name), "ALL" | "NET_RAW")) {
        return;
    }
    let span = dropped.map_or_else(|| view.name_span(), short_span);
    out.report(span, format!("{} does not make pods drop `NET_RAW`", view.display()))
        .field("spec.requiredDropCapabilities");
}

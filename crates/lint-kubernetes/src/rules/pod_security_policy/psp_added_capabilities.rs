use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::capabilities;
use crate::place::cut;

rule! {
    /// Capabilities split up what root may do, and some are as good as all of it. Those that a
    /// policy allows, any pod under it can add.
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
    ///   allowedCapabilities: [NET_BIND_SERVICE, SYS_ADMIN]
    /// #                                         ^^^^^^^^^ PodSecurityPolicy `restricted` lets pods add the capability `SYS_ADMIN`
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   allowedCapabilities: [NET_BIND_SERVICE]
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-added-capabilities",
        summary: "policy lets pods add capabilities",
        remedy: "Remove `allowedCapabilities`, or leave `NET_BIND_SERVICE` only.",
        severity: Medium,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["checkov:CKV_K8S_24", "kubescape:C-0219", "kics:psp_with_added_capabilities"],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let allowed = view.at(&["spec", "allowedCapabilities"]);
    let mut nodes = allowed.iter().flat_map(Node::items);
    let added = nodes.find(|node| {
        // The one that the restricted standard allows.
        node.text().is_some_and(|name| capabilities::name(name) != "NET_BIND_SERVICE")
    });
    if let Some(node) = added {
        let name = cut(node.text().unwrap_or_default());
        let message = match name {
            "*" => format!("{} lets pods add any capability", view.display()),
            name => format!("{} lets pods add the capability `{name}`", view.display()),
        };
        out.report(node.span(), message).field("spec.allowedCapabilities");
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// `nodes/proxy` leads to the kubelet's own API, which runs commands in every pod of the node
    /// and knows neither admission nor the audit log of the API server. Any verb is enough: with
    /// `get` a websocket is opened and a command runs. Agents that collect metrics need
    /// `nodes/metrics` and `nodes/stats` only.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: metrics
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [nodes, nodes/proxy]
    /// #                    ^^^^^^^^^^^ ClusterRole `metrics` can `get` `nodes/proxy`
    ///   verbs: [get]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: metrics
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [nodes, nodes/metrics]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-node-proxy",
        summary: "role reaches the kubelet through nodes/proxy",
        remedy: "Use `nodes/metrics`, `nodes/stats` or `nodes/log` instead of `nodes/proxy`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &["checkov:CKV2_K8S_2", "trivy:KSV-0047", "kubescape:C-0279"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["nodes/proxy"])],
    verbs: &["get", "create", "update", "patch", "delete"],
    cluster_scoped: true,
    narrowed: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    CAPABILITY.report(view, out);
}

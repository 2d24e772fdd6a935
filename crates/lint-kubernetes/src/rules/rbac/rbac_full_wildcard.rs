use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{ROLES, Role};

rule! {
    /// Every verb on every resource of every group is what `cluster-admin` may do: whoever holds
    /// this role can read all Secrets, run code on every node and give these rights away. Kinds
    /// that are installed later are part of it too. A Role gives as much within its namespace.
    /// Nothing but the tool that installs the cluster needs it, and that has `cluster-admin`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: ops
    /// rules:
    /// - apiGroups: ["*"]
    ///   resources: ["*"]
    /// #             ^^^ ClusterRole `ops` grants every verb on every resource
    ///   verbs: ["*"]
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: ops
    ///   namespace: shop
    /// rules:
    /// - apiGroups: ["*"]
    ///   resources: ["*"]
    /// #             ^^^ Role `shop/ops` grants every verb on every resource
    ///   verbs: ["*"]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: ops
    /// rules:
    /// - apiGroups: [apps]
    ///   resources: [deployments]
    ///   verbs: [get, list, patch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: ops
    /// rules:
    /// - apiGroups: [example.com]
    ///   resources: ["*"]
    ///   verbs: ["*"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-full-wildcard",
        summary: "role grants everything",
        remedy: "List the groups, resources and verbs that are needed.",
        severity: Critical,
        check: Check::Kind(ROLES, check),
        peers: &[
            "trivy:KSV-0044",
            "kubescape:C-0035",
            "kubescape:C-0187",
            "kube-linter:wildcard-in-rules",
            "checkov:CKV_K8S_49",
            "kics:rbac_wildcard_in_rule",
        ],
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

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(role) = Role::of(view) else { return };
    for rule in role.rules() {
        let Some(node) = rule.everything() else { continue };
        let message = format!("{} grants every verb on every resource", view.display());
        let steps = usize::from(!role.is_cluster);
        let severity = out.rule().severity.lowered(steps);
        out.report(node.span(), message).severity(severity).field("rules");
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{ROLES, Role, Wildcard, listed};

rule! {
    /// The resource `*` is every kind of a group, also the ones that nobody thought of: reading it
    /// reads all Secrets, writing it makes pods, roles and bindings. Kinds that are installed
    /// later, and subresources such as `pods/exec`, are part of it. A backup tool needs to read
    /// everything; everything else knows its kinds. The group of an operator's own kinds is left to
    /// `rbac-wildcard-in-rule`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: viewer
    /// rules:
    /// - apiGroups: ["*"]
    ///   resources: ["*"]
    /// #             ^^^ ClusterRole `viewer` can `get`, `list` and `watch` every resource of group `*`
    ///   verbs: [get, list, watch]
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: deployer
    /// rules:
    /// - apiGroups: [apps]
    ///   resources: ["*"]
    /// #             ^^^ ClusterRole `deployer` can `*` every resource of group `apps`
    ///   verbs: ["*"]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: viewer
    /// rules:
    /// - apiGroups: ["", apps]
    ///   resources: [pods, deployments]
    ///   verbs: [get, list, watch]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [example.com]
    ///   resources: ["*"]
    ///   verbs: [get, list, watch]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-cluster-role-all-resources",
        summary: "cluster role reads or writes every resource",
        remedy: "List the resources that are needed.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "trivy:KSV-0046",
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
    let Some(role) = Role::of(view).filter(|role| role.is_cluster) else { return };
    for rule in role.rules() {
        let Some((Wildcard::Resources, (_, node))) = rule.wildcard() else { continue };
        let verbs = listed(rule.verbs().map(|(word, _)| word));
        let groups = rule.groups().map(|(word, _)| if word.is_empty() { "core" } else { word });
        let groups = listed(groups);
        let message = format!("{} can {verbs} every resource of group {groups}", view.display());
        out.report(node.span(), message).field("rules").evidence(format!("{verbs}/{groups}"));
    }
}

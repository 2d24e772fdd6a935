use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{ROLES, Role, Wildcard, everything, listed};

rule! {
    /// A `*` grants what nobody listed: groups, resources and verbs that do not exist yet are part
    /// of it. It is fine for an operator and the group of its own kinds. Wildcards that amount to
    /// more have rules of their own: `rbac-full-wildcard`, `rbac-cluster-role-all-resources`,
    /// `rbac-role-all-resources` and `rbac-wildcard-verb`; each rule of a role is told once.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: scaler
    /// rules:
    /// - apiGroups: [example.com]
    ///   resources: [widgets]
    ///   verbs: ["*"]
    /// #         ^^^ ClusterRole `scaler` has `*` among the verbs for `widgets`
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: scaler
    /// rules:
    /// - apiGroups: ["*"]
    /// #             ^^^ ClusterRole `scaler` has `*` among the API groups for `widgets`
    ///   resources: [widgets]
    ///   verbs: [get]
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [example.com]
    ///   resources: ["*"]
    ///   verbs: ["*"]
    /// #         ^^^ ClusterRole `operator` has `*` among the verbs for every resource of group `example.com`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: scaler
    /// rules:
    /// - apiGroups: [example.com]
    ///   resources: [widgets, widgets/status]
    ///   verbs: [get, update]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-wildcard-in-rule",
        summary: "role has a wildcard",
        remedy: "List what is needed instead of `*`.",
        severity: Low,
        check: Check::Kind(ROLES, check),
        peers: &[
            "kube-linter:wildcard-in-rules",
            "checkov:CKV_K8S_49",
            "kubescape:C-0187",
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
    let Some(role) = Role::of(view).filter(|role| everything(*role).is_none()) else { return };
    for rule in role.rules() {
        let Some((Wildcard::Other(list), (_, node))) = rule.wildcard() else { continue };
        let what = if rule.any_resource().is_some() {
            let groups = rule.groups().map(|(word, _)| if word.is_empty() { "core" } else { word });
            format!("every resource of group {}", listed(groups))
        } else {
            listed(rule.resources().chain(rule.urls()).map(|(word, _)| word))
        };
        let message = format!("{} has `*` among the {list} for {what}", view.display());
        out.report(node.span(), message).field("rules").evidence(what);
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{ROLES, Role, Wildcard, listed};

rule! {
    /// The resource `*` is every kind of a group, in the namespace of the Role: reading it reads
    /// the Secrets of all applications there, writing it makes pods that run as any of their
    /// service accounts. Kinds that are installed later are part of it. It is fine for the people
    /// who own the namespace and all that is in it.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: viewer
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: ["*"]
    /// #             ^^^ Role `shop/viewer` can `get` and `list` every resource of group `core`
    ///   verbs: [get, list]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: viewer
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [pods, services]
    ///   verbs: [get, list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-role-all-resources",
        summary: "role reads or writes every resource of its namespace",
        remedy: "List the resources that are needed.",
        severity: Medium,
        check: Check::Kind(ROLES, check),
        peers: &[
            "trivy:KSV-0112",
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
    let Some(role) = Role::of(view).filter(|role| !role.is_cluster) else { return };
    for rule in role.rules() {
        let Some((Wildcard::Resources, (_, node))) = rule.wildcard() else { continue };
        let verbs = listed(rule.verbs().map(|(word, _)| word));
        let groups = rule.groups().map(|(word, _)| if word.is_empty() { "core" } else { word });
        let groups = listed(groups);
        let message = format!("{} can {verbs} every resource of group {groups}", view.display());
        out.report(node.span(), message).field("rules").evidence(format!("{verbs}/{groups}"));
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// Who may impersonate acts as somebody else, with all rights of that user, group or service
    /// account, up to `system:masters`, for which no rule applies at all. It is fine for a proxy
    /// that authenticates users itself, with the groups it may use listed in `resourceNames`; a
    /// rule that is narrowed so is reported only if `system:masters` is in it.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: support
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [users, groups]
    ///   verbs: [impersonate]
    /// #         ^^^^^^^^^^^ ClusterRole `support` can `impersonate` `users` and `groups`
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: support
    ///   namespace: shop
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [serviceaccounts]
    ///   verbs: [get, impersonate]
    /// #              ^^^^^^^^^^^ Role `shop/support` can `impersonate` `serviceaccounts`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: support
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [groups]
    ///   resourceNames: [support-readonly]
    ///   verbs: [impersonate]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-impersonate",
        summary: "role can act as somebody else",
        remedy: "Remove `impersonate`, or list who may be impersonated in `resourceNames`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "checkov:CKV2_K8S_3",
            "trivy:KSV-0043",
            "kubescape:C-0065",
            "kubescape:C-0191",
            "kics:rbac_roles_with_impersonate_permission",
        ],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation",
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["users", "groups", "serviceaccounts"])],
    verbs: &["impersonate"],
    any_verb: false,
    any_resource: true,
    narrowed: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for grant in CAPABILITY.of(view) {
        let rule = grant.rule;
        let is_harmless =
            rule.is_narrowed() && !rule.names().any(|(name, _)| name == "system:masters");
        // Users and groups are in no namespace, so a Role says nothing about them.
        let is_void = !grant.role.is_cluster && !grant.has_resource("serviceaccounts");
        if !is_harmless && !is_void {
            grant.report_at(grant.verb, out);
        }
    }
}

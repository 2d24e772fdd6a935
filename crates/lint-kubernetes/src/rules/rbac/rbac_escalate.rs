use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, GROUP, ROLES};

rule! {
    /// The API server lets nobody write a role with more rights than the writer has, except for
    /// those with `escalate` on roles: they write whatever they like into a role they hold. The
    /// right is as much as `cluster-admin`, or the whole namespace in a Role. Operators that make
    /// roles should hold the rights they hand out instead. The verb `*` on roles is left to
    /// `rbac-wildcard-verb`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   verbs: [update, escalate]
    /// #                 ^^^^^^^^ ClusterRole `operator` can `escalate` `clusterroles`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   verbs: [get, update]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-escalate",
        summary: "role can escalate roles",
        remedy: "Remove `escalate`, and grant the holder the rights that it hands out.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "checkov:CKV_K8S_158",
            "trivy:KSV-0050",
            "kubescape:C-0191",
            "kics:rbac_roles_allow_privilege_escalation",
        ],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[(GROUP, &["roles", "clusterroles"])],
    verbs: &["escalate"],
    any_verb: false,
    any_resource: true,
    narrowed: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for grant in CAPABILITY.of(view) {
        // ClusterRoles are in no namespace, so a Role says nothing about them.
        if grant.role.is_cluster || grant.has_resource("roles") {
            grant.report_at(grant.verb, out);
        }
    }
}

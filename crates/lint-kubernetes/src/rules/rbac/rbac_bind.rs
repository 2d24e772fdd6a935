use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, GROUP, ROLES};

rule! {
    /// The API server lets nobody bind a role with more rights than the binder has, except for
    /// those with `bind` on that role. Without `resourceNames` that is every role, `cluster-admin`
    /// among them, so the right is as much as that. It is fine with the roles that may be bound
    /// listed in `resourceNames`. The verb `*` on roles is left to `rbac-wildcard-verb`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: provisioner
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   verbs: [bind]
    /// #         ^^^^ ClusterRole `provisioner` can `bind` `clusterroles`
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: provisioner
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   resourceNames: [cluster-admin]
    ///   verbs: [bind]
    /// #         ^^^^ ClusterRole `provisioner` can `bind` `clusterroles` named `cluster-admin`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: provisioner
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   resourceNames: [edit, view]
    ///   verbs: [bind]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-bind",
        summary: "role can bind any role",
        remedy: "List the roles that may be bound in `resourceNames`, or remove `bind`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &[
            "checkov:CKV_K8S_157",
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
    verbs: &["bind"],
    any_verb: false,
    any_resource: true,
    narrowed: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for grant in CAPABILITY.of(view) {
        let is_harmless = grant.rule.is_narrowed()
            && !grant.rule.names().any(|(name, _)| name == "cluster-admin");
        if !is_harmless {
            grant.report_at(grant.verb, out);
        }
    }
}

use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Roles, bindings, everything};

rule! {
    /// The role that is bound grants every verb on every resource, so that whoever is bound is an
    /// administrator by another name: a review for `cluster-admin` does not find it. In a
    /// RoleBinding it is the whole namespace. Bind a role that lists what is needed; people who run
    /// the cluster are better bound to `cluster-admin`, where everybody sees it.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: ops
    /// #       ^^^ ClusterRoleBinding `web` grants ClusterRole `ops` to ServiceAccount `shop/web`, and that is everything
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: ops
    /// rules:
    /// - apiGroups: ["*"]
    ///   resources: ["*"]
    ///   verbs: ["*"]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: ops
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: ops
    /// rules:
    /// - apiGroups: [apps]
    ///   resources: [deployments]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-binding-to-wildcard-role",
        summary: "binding grants a role that grants everything",
        remedy: "Bind a role that lists what is needed.",
        severity: Critical,
        check: Check::Snapshot(check),
        peers: &[
            "polaris:clusterrolebindingClusterAdmin",
            "polaris:rolebindingClusterAdminClusterRole",
            "polaris:rolebindingClusterAdminRole",
            "kubescape:C-0035",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let roles = Roles::of(snapshot, everything);
    if roles.is_empty() {
        return;
    }
    for (object, binding) in bindings(snapshot) {
        let Some(place) = roles.bound_by(binding) else { continue };
        let message = format!("{}{}, and that is everything", binding.grants(), binding.whom());
        let finding = out.report(object.source(), binding.role_node.span(), message);
        finding.severity(binding.severity_of_all());
        finding.object(object.path()).field("roleRef.name").evidence(binding.role);
        let message = format!("{} grants everything", place.object.view.display());
        finding.related(place.object.source(), place.node.span(), message);
    }
}

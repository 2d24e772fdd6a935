use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::rbac::{BINDINGS, Binding, Who};

rule! {
    /// `cluster-admin` may do everything: a pod that runs as such an account hands over the cluster
    /// to whoever gets into it. `admin` and `edit` for the whole cluster read all Secrets and make
    /// pods beside every application. People who run the cluster need it, best as a group that one
    /// joins for a time, so bindings without a service account are reported less severely; `admin`
    /// and `edit` in a namespace are fine.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: cluster-admin
    /// #       ^^^^^^^^^^^^^ ClusterRoleBinding `web` grants ClusterRole `cluster-admin` to ServiceAccount `shop/web` in the whole cluster
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: cluster-admin
    /// #       ^^^^^^^^^^^^^ RoleBinding `shop/web` grants ClusterRole `cluster-admin` to ServiceAccount `shop/web`
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: edit
    /// #       ^^^^ ClusterRoleBinding `web` grants ClusterRole `edit` to group `developers` in the whole cluster
    /// subjects:
    /// - kind: Group
    ///   name: developers
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: edit
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-cluster-admin-binding",
        summary: "binding grants the rights of an administrator",
        remedy: "Bind a role that lists what is needed, in the namespace where it is.",
        severity: Critical,
        check: Check::Kind(BINDINGS, check),
        peers: &[
            "kube-linter:cluster-admin-role-binding",
            "polaris:clusterrolebindingClusterAdmin",
            "polaris:rolebindingClusterAdminClusterRole",
            "trivy:KSV-0111",
            "kubescape:C-0035",
            "kubescape:C-0185",
            "kubescape:C-0187",
            "kics:cluster_admin_role_binding_with_super_user_permissions",
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
    let Some(binding) = Binding::of(view) else { return };
    let severity = match (binding.role, binding.is_cluster) {
        _ if binding.role_kind != "ClusterRole" => return,
        ("cluster-admin", _) => binding.severity_of_all(),
        ("admin" | "edit", true) => binding.severity_of_all().min(Severity::High),
        _ => return,
    };
    let mut subjects = binding.subjects().peekable();
    // The cluster has that binding from the start; the group has a rule of its own.
    let is_masters = subjects.peek().is_some()
        && subjects.all(|subject| subject.who == Who::Group("system:masters"));
    if is_masters {
        return;
    }
    let where_to = if binding.is_cluster { " in the whole cluster" } else { "" };
    let message = format!("{}{}{where_to}", binding.grants(), binding.whom());
    let finding = out.report(binding.role_node.span(), message);
    finding.severity(severity).field("roleRef.name").evidence(binding.role);
}

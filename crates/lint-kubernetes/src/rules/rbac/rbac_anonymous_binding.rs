use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Roles, Who, bindings, health_only};

rule! {
    /// `system:anonymous` and `system:unauthenticated` are everybody who reaches the API server,
    /// without any login. Whatever is bound to them, the network has. The cluster's own roles for
    /// discovery and the health of the API server are fine, and so is a role that shows no more
    /// than that.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: public
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: User
    ///   name: system:anonymous
    /// #       ^^^^^^^^^^^^^^^^ ClusterRoleBinding `public` grants ClusterRole `view` to user `system:anonymous`, without a login
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: public
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: Group
    ///   name: auditors
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: health
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: health
    /// subjects:
    /// - kind: Group
    ///   name: system:unauthenticated
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: health
    /// rules:
    /// - nonResourceURLs: [/livez, /readyz]
    ///   verbs: [get]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-anonymous-binding",
        summary: "binding grants rights without a login",
        remedy: "Bind a user, group or service account that logs in.",
        severity: Critical,
        check: Check::Snapshot(check),
        peers: &["kubesec:BindingsToSystemAnonymous", "trivy:KSV-0122", "kubescape:C-0262"],
        security: true,
        cwe: &[306, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut healthy = None;
    for (object, binding) in bindings(snapshot) {
        if is_meant_for_everybody(binding.role) {
            continue;
        }
        for subject in binding.subjects() {
            let anonymous = [Who::User("system:anonymous"), Who::Group("system:unauthenticated")];
            if !anonymous.contains(&subject.who) {
                continue;
            }
            let healthy = healthy.get_or_insert_with(|| Roles::of(snapshot, health_only));
            if healthy.bound_by(binding).is_some() {
                break;
            }
            let message = format!("{} to {}, without a login", binding.grants(), subject.who);
            out.report(object.source(), subject.node.span(), message)
                .object(object.path())
                .field("subjects")
                .evidence(format!("{}/{}", binding.role, subject.who));
        }
    }
}

/// Roles that the cluster or its installer binds so.
fn is_meant_for_everybody(role: &str) -> bool {
    matches!(
        role,
        "system:public-info-viewer"
            | "system:discovery"
            | "system:basic-user"
            | "system:service-account-issuer-discovery"
            | "kubeadm:bootstrap-signer-clusterinfo"
    )
}

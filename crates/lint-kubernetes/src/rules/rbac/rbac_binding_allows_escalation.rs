use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Roles, bindings, escalates};

rule! {
    /// The role that is bound has `bind` or `escalate` on roles, so its holder has every right it
    /// wants, and here the holder is a program: whoever gets into its pod, or onto the node, gets
    /// the cluster. Operators that make roles should hold the rights that they hand out, or name
    /// the roles that they bind in `resourceNames`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: operator
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: operator
    /// #       ^^^^^^^^ ClusterRoleBinding `operator` grants ClusterRole `operator` to ServiceAccount `ops/operator`, which may take any right
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: operator
    ///   namespace: ops
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   verbs: [bind]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: operator
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: operator
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: operator
    ///   namespace: ops
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: operator
    /// rules:
    /// - apiGroups: [rbac.authorization.k8s.io]
    ///   resources: [clusterroles]
    ///   resourceNames: [edit, view]
    ///   verbs: [bind]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-binding-allows-escalation",
        summary: "binding lets a program give itself any right",
        remedy: "Bind a role without `escalate`, and with `bind` for named roles only.",
        severity: High,
        check: Check::Snapshot(check),
        peers: &["checkov:CKV2_K8S_1"],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let roles = Roles::of(snapshot, escalates);
    if roles.is_empty() {
        return;
    }
    for (object, binding) in bindings(snapshot) {
        let Some(place) = roles.bound_by(binding).filter(|_| binding.is_for_machines()) else {
            continue;
        };
        let message = format!("{}{}, which may take any right", binding.grants(), binding.whom());
        let finding = out.report(object.source(), binding.role_node.span(), message);
        if !binding.is_cluster {
            finding.severity(Severity::Medium);
        }
        finding.object(object.path()).field("roleRef.name").evidence(binding.role);
        let message = format!("{} binds or escalates roles", place.object.view.display());
        finding.related(place.object.source(), place.node.span(), message);
    }
}

use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, text};

rule! {
    /// A binding to a role that does not exist grants nothing, until somebody makes a role of that
    /// name: then it grants whatever that role says. Roles of the cluster itself are known; it is
    /// fine where the role comes from an operator. A repository without any role is not judged.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    /// subjects:
    /// - {kind: ServiceAccount, name: web}
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: Role
    ///   name: web-reader
    /// #       ^^^^^^^^^^ RoleBinding `web` grants Role `web-reader`, which is not in the repository
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: web
    /// rules:
    /// - {apiGroups: [""], resources: [configmaps], verbs: [get]}
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    /// automountServiceAccountToken: false
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    /// subjects:
    /// - {kind: ServiceAccount, name: web}
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: Role
    ///   name: web
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: web
    /// rules:
    /// - {apiGroups: [""], resources: [configmaps], verbs: [get]}
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    /// automountServiceAccountToken: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-role-ref-not-found",
        summary: "binding grants a role that does not exist",
        remedy: "Name a role that exists in `roleRef`, or delete the binding.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["role-ref-not-found"],
        peers: &[
            "polaris:clusterrolebindingPodExecAttach",
            "polaris:rolebindingClusterRolePodExecAttach",
            "polaris:rolebindingRolePodExecAttach",
            "popeye:1300",
        ],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

const GROUP: &str = "rbac.authorization.k8s.io";

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let roles = Names::of(snapshot, &[(GROUP, "Role"), (GROUP, "ClusterRole")]);
    if roles.is_empty() {
        return;
    }
    let bindings = snapshot.of_kind("RoleBinding").chain(snapshot.of_kind("ClusterRoleBinding"));
    for binding in bindings.filter(|binding| binding.view.group() == GROUP) {
        let view = binding.view;
        let Some(target) = view.at(&["roleRef"]) else { continue };
        let (Some(kind), Some(node)) = (text(target, "kind"), field(target, "name")) else {
            continue;
        };
        let Some(name) = node.text().filter(|name| !name.is_empty()) else { continue };
        let namespace = if kind == "Role" { view.namespace() } else { None };
        if roles.has(kind, namespace, name) || is_built_in(kind, name) {
            continue;
        }
        let message =
            format!("{} grants {kind} `{name}`, which is not in the repository", view.display());
        let finding = out.report(binding.source(), node.span(), message);
        finding.object(binding.path()).field("roleRef.name").evidence(format!("{kind}/{name}"));
        // Roles of the cluster come with operators and distributions as well.
        if kind != "Role" {
            finding.severity(Severity::Low).confidence(Confidence::Low);
        }
    }
}

/// Whether every cluster, or every one of a distribution, has the role.
fn is_built_in(kind: &str, name: &str) -> bool {
    if name.starts_with("system:") {
        return true;
    }
    match kind {
        "Role" => name == "extension-apiserver-authentication-reader",
        _ => matches!(
            name,
            "cluster-admin"
                | "admin"
                | "edit"
                | "view"
                | "basic-user"
                | "self-provisioner"
                | "cluster-reader"
                | "registry-viewer"
                | "registry-editor"
        ),
    }
}

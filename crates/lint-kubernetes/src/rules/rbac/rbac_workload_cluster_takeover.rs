use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Given, Roles, Verdict, given, report_workloads, takes_over};

rule! {
    /// The workload holds a token of an account that reads all Secrets or makes pods in every
    /// namespace: with the tokens in the Secrets, or with a pod that runs as another account,
    /// whoever gets into its container has the cluster. Ingress controllers, certificate tools and
    /// operators need it; run them in a namespace of their own, and grant it there where one
    /// namespace is enough. Making pods alone is what operators are for and is reported less
    /// severely; a pod without a token is not reported.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       serviceAccountName: web
    /// #                         ^^^ Deployment `shop/web` runs as ServiceAccount `shop/web`, which ClusterRoleBinding `web` lets read the Secrets of every namespace
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: web
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: web
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [secrets]
    ///   verbs: [list]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       serviceAccountName: web
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: web
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: web
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [secrets]
    ///   verbs: [list]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-workload-cluster-takeover",
        summary: "workload can take over the cluster",
        remedy: "Grant what is needed by a RoleBinding, or by a role that names the objects.",
        severity: High,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0267"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        confidence: Confidence::High,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/concepts/security/service-accounts/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let roles = Roles::of(snapshot, takes_over);
    let accounts = given(snapshot, |binding| {
        if !binding.is_cluster || binding.role_kind != "ClusterRole" {
            return None;
        }
        match roles.bound_by(binding) {
            Some(place) => Some(Some(place)),
            None => matches!(binding.role, "admin" | "edit").then_some(None),
        }
    });
    report_workloads(snapshot, &accounts, out, judge);
}

fn judge(given: Given<'_>) -> Verdict {
    let (severity, does, place) = match given.place.and_then(|place| place.node.text()) {
        Some("secrets") => {
            (Severity::High, "lets read the Secrets of every namespace", "reads Secrets")
        }
        None | Some("*") => (
            Severity::High,
            "lets read Secrets or make pods in every namespace",
            "reads Secrets or makes pods by a wildcard",
        ),
        // What operators are for.
        Some(_) => (Severity::Low, "lets make pods in every namespace", "makes pods"),
    };
    Verdict { severity, does, place }
}

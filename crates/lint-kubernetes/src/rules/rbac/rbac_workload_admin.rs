use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Given, Roles, Verdict, everything, given, report_workloads};

rule! {
    /// The workload holds a token of an account that may do everything: whoever gets into its
    /// container, by a hole in the application or one of its libraries, has the cluster, or all of
    /// the namespace where a RoleBinding grants it. It is fine for the tool that deploys the
    /// cluster from a repository, in a namespace that nobody else gets into. A pod without a token
    /// is not reported.
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
    /// #                         ^^^ Deployment `shop/web` runs as ServiceAccount `shop/web`, which ClusterRoleBinding `web` makes administrator of the cluster
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
    ///   name: cluster-admin
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
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
    /// #                         ^^^ Deployment `shop/web` runs as ServiceAccount `shop/web`, which RoleBinding `shop/web` makes administrator of its namespace
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
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
    /// - apiGroups: ["*"]
    ///   resources: ["*"]
    ///   verbs: ["*"]
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
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-workload-admin",
        summary: "workload runs as an administrator",
        remedy: "Bind the account to a role that lists what the workload needs.",
        severity: Critical,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0272"],
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
    let roles = Roles::of(snapshot, everything);
    let accounts = given(snapshot, |binding| match roles.bound_by(binding) {
        Some(place) => Some(Some(place)),
        None => {
            (binding.role_kind == "ClusterRole" && binding.role == "cluster-admin").then_some(None)
        }
    });
    report_workloads(snapshot, &accounts, out, judge);
}

fn judge(given: Given<'_>) -> Verdict {
    let (severity, does) = if given.binding.is_cluster {
        (Severity::Critical, "makes administrator of the cluster")
    } else {
        (Severity::High, "makes administrator of its namespace")
    };
    Verdict { severity, does, place: "grants everything" }
}

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Given, Verdict, given, report_workloads};

rule! {
    /// The pod holds a token of an account that a binding gives rights: whoever gets into the
    /// container has them. Everything that talks to the Kubernetes API is meant to be so; the rule
    /// is off, and lists the pods for a review.
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
    /// #                         ^^^ Deployment `shop/web` runs as ServiceAccount `shop/web`, which RoleBinding `shop/web` gives rights
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
    ///   name: view
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
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
    ///       automountServiceAccountToken: false
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
    ///   name: view
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-account-token-mounted-with-role",
        summary: "pod holds a token with rights",
        remedy: "Set `automountServiceAccountToken: false` where the workload does not use the Kubernetes API.",
        severity: Info,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0053", "kubescape:C-0261"],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        confidence: Confidence::High,
        default: false,
        references: &[
            "https://kubernetes.io/docs/concepts/security/service-accounts/",
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let accounts = given(snapshot, |_| Some(None));
    report_workloads(snapshot, &accounts, out, judge);
}

fn judge(_: Given<'_>) -> Verdict {
    Verdict { severity: Severity::Info, does: "gives rights", place: "" }
}

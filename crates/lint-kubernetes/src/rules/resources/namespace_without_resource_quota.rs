use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// Without a quota one namespace can take the whole cluster: an autoscaler gone wild or a loop
    /// that makes Jobs leaves no room for the others. In a cluster of a single team that is no
    /// loss, and platforms often add the quota themselves, so the rule is off unless it is asked
    /// for. Only namespaces that the repository declares are looked at.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// #       ^^^^ Namespace `shop` has workloads and no ResourceQuota
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// ---
    /// apiVersion: v1
    /// kind: ResourceQuota
    /// metadata:
    ///   name: quota
    ///   namespace: shop
    /// spec:
    ///   hard: {requests.memory: 16Gi}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "namespace-without-resource-quota",
        summary: "namespace with workloads has no ResourceQuota",
        remedy: "Add a ResourceQuota for the namespace.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["kics:pod_or_container_without_resource_quota"],
        controls: &[control::RESOURCE_QUOTAS],
        references: &["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
        default: false,
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    crate::governed::report(snapshot, "ResourceQuota", out);
}

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// A LimitRange gives requests and limits to the containers that forget them, and refuses those
    /// that ask for too much. It is a net, not a replacement for saying what a container needs.
    ///
    /// Only namespaces that the repository declares are looked at, and the rule is off unless it is
    /// asked for: the platform often adds the LimitRange itself.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// #       ^^^^ Namespace `shop` has workloads and no LimitRange
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
    /// kind: LimitRange
    /// metadata:
    ///   name: defaults
    ///   namespace: shop
    /// spec:
    ///   limits:
    ///   - type: Container
    ///     default: {memory: 256Mi}
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
        id: "namespace-without-limit-range",
        summary: "namespace with workloads has no LimitRange",
        remedy: "Add a LimitRange with defaults for containers.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["kics:pod_or_container_without_limit_range"],
        controls: &[control::RESOURCE_LIMITS, control::RESOURCE_QUOTAS],
        references: &["https://kubernetes.io/docs/concepts/policy/limit-range/"],
        default: false,
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    crate::governed::report(snapshot, "LimitRange", out);
}

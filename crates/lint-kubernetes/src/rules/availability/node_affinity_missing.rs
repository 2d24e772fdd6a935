use careen_kube_model::{PodTemplate, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// In a cluster with nodes of several kinds, pods without an affinity run wherever there is
    /// room: on spot instances, on nodes with GPUs, on another architecture. Where all nodes are
    /// alike there is nothing to say, so the rule is off unless it is asked for. A node selector
    /// counts as well.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    /// #   ^^^^ Deployment `shop/api` does not say which nodes it may run on
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       nodeSelector: {pool: general}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "node-affinity-missing",
        summary: "nothing says which nodes the pods may run on",
        remedy: "Add a node affinity or a node selector.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kube-linter:no-node-affinity"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"],
        default: false,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let is_bound = path(pod.spec, &["affinity", "nodeAffinity"]).is_some()
        || pod.field("nodeSelector").is_some()
        || pod.field("nodeName").is_some();
    if !is_bound && is_complete(pod) {
        let message = format!("{} does not say which nodes it may run on", pod.object.display());
        out.report(pod.spec_span(), message).field("spec.affinity.nodeAffinity");
    }
}

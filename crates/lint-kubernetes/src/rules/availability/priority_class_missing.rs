use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// When a cluster is full, the priority decides who stays. Without a class every pod is as
    /// important as the next, unless the cluster has a default class: a nightly report may keep the
    /// shop from starting. Teams that use no priorities at all have nothing to say here, so the
    /// rule is off unless it is asked for.
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
    /// #   ^^^^ Deployment `shop/api` has no priority class
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
    ///       priorityClassName: serving
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "priority-class-missing",
        summary: "pod has no priority class",
        remedy: "Set `priorityClassName`.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["polaris:priorityClassNotSet"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"],
        default: false,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if pod.field("priorityClassName").is_none() && is_complete(pod) {
        let message = format!("{} has no priority class", pod.object.display());
        out.report(pod.spec_span(), message).field("spec.priorityClassName");
    }
}

use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, quantities};

rule! {
    /// Memory cannot be taken back from a process. Where containers may use more than they request,
    /// a node can promise more than it has, and when all of them come back for it, the kernel kills
    /// one. Equal values make that impossible.
    ///
    /// They also cost memory that lies idle, so the rule is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     resources:
    ///       requests: {memory: 256Mi}
    /// #                        ^^^^^ container `web` in Pod `shop/api` requests `256Mi` of `memory` and may use `1Gi`
    ///       limits: {memory: 1Gi}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     resources:
    ///       requests: {memory: 1024Mi}
    ///       limits: {memory: 1Gi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "memory-request-limit-differ",
        summary: "memory request is below the limit",
        remedy: "Make request and limit equal.",
        severity: Info,
        check: Check::Container(check),
        peers: &["kube-score:container-memory-requests-equal-limits", "kube-score:container-resource-requests-equal-limits"],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/"],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    quantities::differ(container, "memory", out);
}

use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, quantities};

rule! {
    /// Only a pod whose containers all request exactly their limits is of the class Guaranteed: it
    /// is evicted last and may have cores of its own. With a higher limit it is faster on an idle
    /// node than on a busy one.
    ///
    /// For most services bursting is what one wants, so the rule is off unless it is asked for.
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
    ///       requests: {cpu: 250m}
    /// #                     ^^^^ container `web` in Pod `shop/api` requests `250m` of `cpu` and may use `1`
    ///       limits: {cpu: "1"}
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
    ///       requests: {cpu: 1000m}
    ///       limits: {cpu: "1"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cpu-request-limit-differ",
        summary: "CPU request is below the limit",
        remedy: "Make request and limit equal where the container needs a guaranteed share.",
        severity: Info,
        check: Check::Container(check),
        peers: &["kube-score:container-cpu-requests-equal-limits", "kube-score:container-resource-requests-equal-limits"],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/"],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    quantities::differ(container, "cpu", out);
}

use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, quantities};

rule! {
    /// A request that no node can hold leaves the pod pending for ever, and one of a few
    /// thousandths starves it when the node is busy. What is reasonable depends on the cluster, so
    /// the bounds are yours: `min` and `max`. Without one of them the rule says nothing.
    ///
    /// ```config
    /// rules: {cpu-quantity-out-of-range: {min: 10m, max: "4"}}
    /// ```
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
    ///       requests: {cpu: 16}
    /// #                     ^^ container `web` in Pod `shop/api` has a `cpu` request of `16`, which is above the allowed `4`
    /// ```
    /// ```config
    /// rules: {cpu-quantity-out-of-range: {min: 10m, max: "4"}}
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
    ///       requests: {cpu: 500m}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cpu-quantity-out-of-range",
        summary: "CPU request or limit is outside the range that is allowed",
        remedy: "Change the amount, or the range if it is right.",
        severity: Medium,
        check: Check::Container(check),
        fragments: true,
        peers: &["kubescape:C-0050", "kubeaudit:LimitsCPUExceeded"],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
        default: false,
        options: quantities::RANGE,
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    quantities::out_of_range(container, "cpu", context, out);
}

use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, quantities};

rule! {
    /// A request that no node can hold leaves the pod pending for ever, and a limit of a few
    /// megabytes kills most programs while they start. What is reasonable depends on the cluster,
    /// so the bounds are yours: `min` and `max`. Without one of them the rule says nothing.
    ///
    /// ```config
    /// rules: {memory-quantity-out-of-range: {min: 32Mi, max: 16Gi}}
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
    ///       limits: {memory: 8Mi}
    /// #                      ^^^ container `web` in Pod `shop/api` has a `memory` limit of `8Mi`, which is below the allowed `32Mi`
    /// ```
    /// ```config
    /// rules: {memory-quantity-out-of-range: {min: 32Mi, max: 16Gi}}
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
    ///       limits: {memory: 512Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "memory-quantity-out-of-range",
        summary: "memory request or limit is outside the range that is allowed",
        remedy: "Change the amount, or the range if it is right.",
        severity: Medium,
        check: Check::Container(check),
        fragments: true,
        peers: &["kubescape:C-0004", "kubeaudit:LimitsMemoryExceeded"],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"],
        default: false,
        options: quantities::RANGE,
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    quantities::out_of_range(container, "memory", context, out);
}

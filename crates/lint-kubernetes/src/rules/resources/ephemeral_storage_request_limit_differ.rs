use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, quantities};

rule! {
    /// Disk that is used is not given back. Where containers may use more than they request, a node
    /// can run out of it, and then evicts pods until it has enough. Equal values make that
    /// impossible, at the price of disk that lies idle; the rule is off unless it is asked for.
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
    ///       requests: {ephemeral-storage: 1Gi}
    /// #                                   ^^^ container `web` in Pod `shop/api` requests `1Gi` of `ephemeral-storage` and may use `4Gi`
    ///       limits: {ephemeral-storage: 4Gi}
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
    ///       requests: {ephemeral-storage: 4Gi}
    ///       limits: {ephemeral-storage: 4Gi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ephemeral-storage-request-limit-differ",
        summary: "request for ephemeral storage is below the limit",
        remedy: "Make request and limit equal.",
        severity: Info,
        check: Check::Container(check),
        peers: &["kube-score:container-ephemeral-storage-request-equals-limit"],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage"],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    quantities::differ(container, "ephemeral-storage", out);
}

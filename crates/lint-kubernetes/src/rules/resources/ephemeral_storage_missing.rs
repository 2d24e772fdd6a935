use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::does_work;

rule! {
    /// Logs, the writable layer of a container and its `emptyDir` volumes share the node's disk.
    /// Without a limit one container fills it, and the node evicts its neighbours along with it. A
    /// limit is also the request where none is written.
    ///
    /// Containers with a read-only root filesystem that log little hardly need one; the rule is off
    /// unless it is asked for.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no limit for ephemeral storage
    ///     image: registry.example.com/web:1.4.0
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
    ///       limits: {ephemeral-storage: 1Gi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ephemeral-storage-missing",
        summary: "container has no limit for ephemeral storage",
        remedy: "Set `resources.limits.ephemeral-storage` to what the container writes at most.",
        severity: Low,
        check: Check::Container(check),
        peers: &["kube-score:container-ephemeral-storage-request-and-limit"],
        controls: &[control::RESOURCE_LIMITS, control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage"],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.limit("ephemeral-storage").is_none() && does_work(container) {
        let message = format!("{} has no limit for ephemeral storage", container.display());
        out.report(container.name_span, message).field("resources.limits.ephemeral-storage");
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::place::cut;
use crate::{Check, claims};

rule! {
    /// Lists the StatefulSets that keep data, for a review of backups, sizes and storage classes.
    /// It is an inventory and no defect, so it is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   volumeClaimTemplates:
    ///   - metadata: {name: data}
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
    ///       resources: {requests: {storage: 10Gi}}
    /// #                                     ^^^^ claim template `data` in StatefulSet `shop/db` asks for `10Gi` of storage
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    /// ```
    pub(crate) static RULE: Check = {
        id: "statefulset-pvc-storage-requested",
        summary: "stateful set asks for persistent storage",
        remedy: "Make sure that the storage is backed up and can grow.",
        severity: Info,
        check: Check::Kind(&["StatefulSet"], check),
        fragments: true,
        peers: &["kics:statefulset_requests_storage"],
        controls: &[control::STORAGE_AVAILABLE, control::BACKUP_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for claim in claims::of(object) {
        let Some(node) = claim.request() else { continue };
        let amount = cut(node.text().unwrap_or_default());
        let message = format!("{claim} asks for `{amount}` of storage");
        out.report(node.span(), message).field(claim.path("resources.requests.storage"));
    }
}

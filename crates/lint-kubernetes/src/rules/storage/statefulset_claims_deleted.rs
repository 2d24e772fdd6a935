use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// With `Delete` the claims of a StatefulSet, and with them mostly the data, go when the set is
    /// deleted or when it is scaled down. Deleting a set is how one changes its fields that cannot
    /// be changed, and an uninstall that was meant for a moment.
    ///
    /// It is fine for caches and for data that can be had again.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   persistentVolumeClaimRetentionPolicy:
    ///     whenDeleted: Delete
    /// #                ^^^^^^ StatefulSet `shop/db` deletes its volume claims when it is deleted
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   persistentVolumeClaimRetentionPolicy:
    ///     whenDeleted: Retain
    /// ```
    pub(crate) static RULE: Check = {
        id: "statefulset-claims-deleted",
        summary: "stateful set deletes its volumes with its pods",
        remedy: "Leave `persistentVolumeClaimRetentionPolicy` at `Retain`.",
        severity: Low,
        check: Check::Kind(&["StatefulSet"], check),
        controls: &[control::DATA_INTEGRITY, control::BACKUP_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let policy = object.at(&["spec", POLICY]).filter(|_| object.group() == "apps");
    let Some(policy) = policy else { return };
    for (key, when) in
        [("whenDeleted", "when it is deleted"), ("whenScaled", "when it is scaled down")]
    {
        if let Some(node) = field(policy, key).filter(|node| node.text() == Some("Delete")) {
            let message = format!("{} deletes its volume claims {when}", object.display());
            out.report(node.span(), message).field(format!("spec.{POLICY}.{key}"));
        }
    }
}

const POLICY: &str = "persistentVolumeClaimRetentionPolicy";

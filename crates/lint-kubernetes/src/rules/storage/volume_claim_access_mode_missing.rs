use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::{Check, claims};

rule! {
    /// The API server refuses a claim without an access mode. In the template of a StatefulSet that
    /// comes out late: the set is accepted, and then fails to make its first pod. There is no case
    /// in which this is right. What a patch of the claim leaves out is taken from the claim itself.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: data
    /// #       ^^^^ PersistentVolumeClaim `shop/data` has no access mode
    ///   namespace: shop
    /// spec:
    ///   resources: {requests: {storage: 10Gi}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: data
    ///   namespace: shop
    /// spec:
    ///   accessModes: [ReadWriteOnce]
    ///   resources: {requests: {storage: 10Gi}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "volume-claim-access-mode-missing",
        summary: "volume claim has no access mode",
        remedy: "Set `accessModes`, mostly to `[ReadWriteOnce]`.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::STORAGE_AVAILABLE, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for (object, claim) in claims::lacking(snapshot, |claim| claim.modes().next().is_some()) {
        out.report(object.source(), claim.name_span(), format!("{claim} has no access mode"))
            .object(object.path())
            .field(claim.path("accessModes"));
    }
}

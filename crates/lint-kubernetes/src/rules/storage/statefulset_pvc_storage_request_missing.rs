use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::{Check, claims};

rule! {
    /// The API server refuses a claim that does not say how much storage it wants. In the template
    /// of a StatefulSet that comes out late: the set is accepted, and then fails to make its first
    /// pod. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: db}
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    ///     spec:
    ///       containers:
    ///       - name: db
    ///         image: registry.example.com/db:16.4
    ///   volumeClaimTemplates:
    ///   - metadata: {name: data}
    /// #                    ^^^^ claim template `data` in StatefulSet `shop/db` asks for no storage
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
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
        id: "statefulset-pvc-storage-request-missing",
        summary: "volume claim asks for no storage",
        remedy: "Set `resources.requests.storage`.",
        severity: High,
        check: Check::Snapshot(check),
        aliases: &["persistent-volume-claim-storage-missing"],
        peers: &["kubesec:VolumeClaimRequestsStorage"],
        controls: &[control::STORAGE_AVAILABLE, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#resources"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for (object, claim) in claims::lacking(snapshot, |claim| claim.request().is_some()) {
        let message = format!("{claim} asks for no storage");
        out.report(object.source(), claim.name_span(), message)
            .object(object.path())
            .field(claim.path("resources.requests.storage"));
    }
}

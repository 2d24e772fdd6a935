use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, claims};

rule! {
    /// Each pod of a StatefulSet has volumes of its own. With `ReadWriteMany` they come from a
    /// network file system, which is slower and whose locks databases do not trust, for a sharing
    /// that nobody needs. Some clusters have no other storage, so the rule is off unless it is
    /// asked for.
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
    /// #                    ^^^^ no claim template of StatefulSet `shop/db` uses `ReadWriteOnce`
    ///     spec:
    ///       accessModes: [ReadWriteMany]
    ///       resources: {requests: {storage: 10Gi}}
    /// ```
    /// ```yaml good
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
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
    ///       resources: {requests: {storage: 10Gi}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "statefulset-pvc-access-mode",
        summary: "stateful set's volumes may be mounted by many nodes",
        remedy: "Use `ReadWriteOnce` or `ReadWriteOncePod` for the volumes of single pods.",
        severity: Info,
        check: Check::Kind(&["StatefulSet"], check),
        peers: &["kubesec:VolumeClaimAccessModeReadWriteOnce", "kics:incorrect_volume_claim_access_mode_read_write_once"],
        controls: &[control::STORAGE_AVAILABLE, control::DATA_INTEGRITY],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let once = |mode: &str| mode == "ReadWriteOnce" || mode == "ReadWriteOncePod";
    let Some(first) = claims::of(object).next().filter(|claim| claim.is_whole()) else { return };
    // A template without modes has a rule of its own.
    let is_once =
        |claim: claims::Claim<'_>| claim.modes().next().is_none() || claim.modes().any(once);
    if !claims::of(object).any(is_once) {
        let message = format!("no claim template of {} uses `ReadWriteOnce`", object.display());
        out.report(first.name_span(), message).field(first.path("accessModes"));
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::relations::short_span;
use crate::{Check, claims};

rule! {
    /// The API server refuses a claim with an access mode that does not exist, and one with
    /// `ReadWriteOncePod` beside another mode. In the template of a StatefulSet that comes out
    /// late: the set is accepted, and then fails to make its first pod. There is no case in which
    /// this is right.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: PersistentVolumeClaim
    /// metadata:
    ///   name: data
    ///   namespace: shop
    /// spec:
    ///   accessModes: [RWO]
    /// #              ^^^^^ PersistentVolumeClaim `shop/data` has the access mode `RWO`, which does not exist
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
        id: "volume-claim-access-mode-invalid",
        summary: "volume claim has an access mode that does not exist",
        remedy: "Use `ReadWriteOnce`, `ReadWriteOncePod`, `ReadWriteMany` or `ReadOnlyMany`.",
        severity: High,
        check: Check::Kind(claims::KINDS, check),
        fragments: true,
        controls: &[control::STORAGE_AVAILABLE, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for claim in claims::of(object) {
        let Some(list) = claim.spec("accessModes") else { continue };
        let known = |mode: &str| MODES.contains(&mode) || is_placeholder(mode);
        let alone = "ReadWriteOncePod";
        let what = match claim.modes().find(|mode| !known(mode)) {
            Some(mode) => format!("has the access mode `{}`, which does not exist", cut(mode)),
            None if claim.modes().any(|mode| mode == alone) && claim.modes().count() > 1 => {
                format!("has the access mode `{alone}` beside others")
            }
            None => continue,
        };
        out.report(short_span(list), format!("{claim} {what}")).field(claim.path("accessModes"));
    }
}

const MODES: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

use careen_kube_model::{Labels, ObjectView, path};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::{Check, claims};

rule! {
    /// Backup and cost tools find volumes by their annotations, and the template of a StatefulSet
    /// can hardly be changed later: what is forgotten there has to be added to every claim by hand.
    /// Which annotations are needed is yours to say, and without `annotations` the rule says
    /// nothing.
    ///
    /// ```config
    /// rules: {statefulset-pvc-annotation-missing: {annotations: [backup.example.com/plan]}}
    /// ```
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
    /// #                    ^^^^ claim template `data` in StatefulSet `shop/db` has no annotation `backup.example.com/plan`
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
    ///       resources: {requests: {storage: 10Gi}}
    /// ```
    /// ```config
    /// rules: {statefulset-pvc-annotation-missing: {annotations: [backup.example.com/plan]}}
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
    ///   - metadata:
    ///       name: data
    ///       annotations: {backup.example.com/plan: daily}
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
    ///       resources: {requests: {storage: 10Gi}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "statefulset-pvc-annotation-missing",
        summary: "claim template lacks an annotation that is asked for",
        remedy: "Add the annotation to the claim template.",
        severity: Low,
        check: Check::Kind(&["StatefulSet"], check),
        peers: &["kube-linter:template:statefulset-volumeclaimtemplate-annotation"],
        controls: &[control::STORAGE_AVAILABLE, control::BACKUP_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates"],
        default: false,
        options: &[RuleOption { name: "annotations", kind: OptionKind::Map, summary: "Annotations that claim templates need, each with its value or an empty one for any; without them the rule says nothing." }],
    }
}

fn check(object: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let wanted = context.options.map(RULE.meta.id, "annotations");
    if wanted.is_empty() {
        return;
    }
    for claim in claims::of(object).filter(|claim| claim.is_whole()) {
        let own = Labels::new(path(claim.node, &["metadata", "annotations"]));
        for (key, value) in wanted {
            let what = match own.get(key) {
                None => format!("has no annotation `{key}`"),
                Some(found) if !value.is_empty() && found != value => {
                    format!("has another annotation `{key}` than `{value}`")
                }
                Some(_) => continue,
            };
            out.report(claim.name_span(), format!("{claim} {what}")).evidence(key.as_str());
        }
    }
}

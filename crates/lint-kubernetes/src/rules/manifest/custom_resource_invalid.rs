use careen_kube_model::schema::{CustomSchemas, Defect};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::strings::is_encrypted;

rule! {
    /// The definition of this kind stands in the repository, or was given with `--schema`, and the
    /// object does not fit it: a
    /// field that does not exist, a wrong type, a value out of bounds. The API server refuses such
    /// an object, or drops the unknown field without a word.
    ///
    /// Of several definitions of a kind the one counts that the object fits best. Expressions in
    /// a definition (`x-kubernetes-validations`) are not evaluated.
    ///
    /// ```yaml bad file=crd.yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: backups.example.com
    /// spec:
    ///   group: example.com
    ///   scope: Namespaced
    ///   names: {kind: Backup, plural: backups}
    ///   versions:
    ///   - name: v1
    ///     served: true
    ///     storage: true
    ///     schema:
    ///       openAPIV3Schema:
    ///         type: object
    ///         properties:
    ///           spec:
    ///             type: object
    ///             properties:
    ///               keep: {type: integer, minimum: 1}
    /// ```
    /// ```yaml bad file=backup.yaml
    /// apiVersion: example.com/v1
    /// kind: Backup
    /// metadata:
    ///   name: nightly
    ///   namespace: shop
    /// spec:
    ///   keep: 0
    /// #       ^ Backup `shop/nightly` has an invalid value in `spec.keep`: it is less than 1
    /// ```
    /// ```yaml good file=crd.yaml
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata:
    ///   name: backups.example.com
    /// spec:
    ///   group: example.com
    ///   scope: Namespaced
    ///   names: {kind: Backup, plural: backups}
    ///   versions:
    ///   - name: v1
    ///     served: true
    ///     storage: true
    ///     schema:
    ///       openAPIV3Schema:
    ///         type: object
    ///         properties:
    ///           spec:
    ///             type: object
    ///             properties:
    ///               keep: {type: integer, minimum: 1}
    /// ```
    /// ```yaml good file=backup.yaml
    /// apiVersion: example.com/v1
    /// kind: Backup
    /// metadata:
    ///   name: nightly
    ///   namespace: shop
    /// spec:
    ///   keep: 7
    /// ```
    pub(crate) static RULE: Check = {
        id: "custom-resource-invalid",
        summary: "custom resource does not fit its definition",
        remedy: "Correct the field as the CustomResourceDefinition has it.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let given = context.definitions.of_kind("CustomResourceDefinition");
    let definitions = snapshot.of_kind("CustomResourceDefinition").chain(given);
    let mut schemas = CustomSchemas::of(definitions.map(|object| object.view));
    if schemas.is_empty() {
        return;
    }
    for object in snapshot.objects() {
        let view = object.view;
        if !schemas.has(view.group(), view.kind()) {
            continue;
        }
        let report = schemas.check(view);
        let source = object.source();
        for problem in report.problems {
            let is_left_alone = match &problem.defect {
                Defect::Missing => view.is_fragment(),
                Defect::Unknown { .. } => {
                    let name = problem.path.rsplit('.').next().unwrap_or_default();
                    name.starts_with('$') || (problem.path == "sops" && is_encrypted(view))
                }
                _ => is_placeholder(source.slice(problem.span)),
            };
            if !is_left_alone {
                let message = format!("{} {problem}", view.display());
                let finding = out.report(source, problem.span, message);
                finding.object(object.path()).field(problem.path);
            }
        }
    }
}

use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};
use careen_yaml::{ProblemKind, Tree};

use crate::Check;
use crate::place::{object_at, path_of};

rule! {
    /// Of two entries with one key the last one counts, and the first one, written with the same
    /// care, does nothing. It is how two `env:` or `labels:` blocks in one object come to be half
    /// an object. Strict tools refuse the file.
    ///
    /// There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// data:
    ///   MODE: safe
    ///   MODE: fast
    /// # ^^^^ key `MODE` is given again in the same mapping
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// data:
    ///   MODE: safe
    /// ```
    pub(crate) static RULE: Check = {
        id: "duplicate-key",
        summary: "mapping gives a key twice",
        remedy: "Keep one of the entries, or merge them.",
        severity: Medium,
        check: Check::File(check),
        fragments: true,
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields",
            "https://yaml.org/spec/1.2.2/#3213-node-comparison",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let problems = file.tree.iter().flat_map(Tree::problems);
    for problem in problems.filter(|problem| problem.kind == ProblemKind::DuplicateKey) {
        let Some(view) = object_at(file, problem.document, problem.span.start) else { continue };
        let message = format!("{} of {}", problem.message, view.display());
        let finding = out.report(problem.span, message);
        finding.object(path_of(view, None));
    }
}

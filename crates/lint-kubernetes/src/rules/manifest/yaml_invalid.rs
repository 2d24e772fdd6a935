use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};
use careen_yaml::{ProblemKind, Tree};

use crate::Check;

rule! {
    /// A document that is not YAML cannot be applied, and what stands after the mark was not
    /// checked by any rule. Tabs, a missing quote and a wrong indentation are the usual reasons.
    ///
    /// Templates are told apart and not reported. A document beyond the limits of the reader,
    /// such as nesting hundreds of levels deep, is reported too: it was not read to its end.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   MODE: "safe
    /// #       ^ the document is not valid YAML: unclosed quote
    ///   LEVEL: debug
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// data:
    ///   MODE: "safe"
    /// ```
    pub(crate) static RULE: Check = {
        id: "yaml-invalid",
        summary: "manifest cannot be read",
        remedy: "Correct the syntax at the place that is marked.",
        severity: High,
        check: Check::File(check),
        fragments: true,
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://yaml.org/spec/1.2.2/"],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let problems = file.tree.iter().flat_map(Tree::problems);
    for problem in problems {
        let what = match problem.kind {
            ProblemKind::Syntax => "the document is not valid YAML",
            ProblemKind::UnknownAlias => "the document has an alias without an anchor",
            ProblemKind::Limit => "the document was not read to its end",
            ProblemKind::DuplicateKey => continue,
        };
        let message = format!("{what}: {}", problem.message);
        let lines = out.source().lines();
        let line = lines.line_span(lines.line_of(problem.span.start));
        let may_be_secret = may_hold_secrets(file, problem.document);
        let finding = out.report(problem.span, message);
        if may_be_secret {
            finding.secret(line);
        }
    }
}

/// Whether a Secret may stand in the document: a broken one is no object.
fn may_hold_secrets(file: &File, document: usize) -> bool {
    let document = file.tree.as_ref().and_then(|tree| tree.document(document));
    document.is_none_or(|document| file.source.slice(document.span()).contains("Secret"))
}

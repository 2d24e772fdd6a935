use careen_kube_model::{ObjectView, typed::TypeReport};
use careen_model::Context;
use careen_rule::{Confidence, Edit, Safety, Sink, control, rule};
use careen_text::closest;

use crate::Check;
use crate::strings::is_encrypted;

rule! {
    /// The API server refuses a field that its kind does not have, or, asked to be lenient, drops
    /// it without a word: the limit, probe or policy that was meant is not there. A slip of the
    /// keyboard and a wrong indentation are the usual reasons.
    ///
    /// Kinds of Kubernetes itself are checked against the newest version, so that a field of a
    /// newer one still is reported. Custom resources, what SOPS adds and directives of patches
    /// (`$patch`) are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replica: 3
    /// # ^^^^^^^ Deployment `shop/api` has an unknown field `spec.replica`: did you mean `replicas`?
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "unknown-field",
        summary: "field does not exist",
        remedy: "Correct the name or the indentation of the field.",
        severity: High,
        check: Check::Typed(check),
        fragments: true,
        confidence: Confidence::High,
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields",
        ],
    }
}

fn check(view: ObjectView<'_>, report: &TypeReport, _: &Context, out: &mut Sink<'_>) {
    for field in &report.unknown {
        let name = field.path.rsplit('.').next().unwrap_or_default();
        if name.starts_with('$') || (name == "sops" && is_encrypted(view)) {
            continue;
        }
        let meant = closest(name, field.known.iter().copied());
        let hint = meant.map_or_else(String::new, |meant| format!(": did you mean `{meant}`?"));
        let message =
            format!("{} has an unknown field `{}`{hint}", view.display(), cut(&field.path));
        let is_plain = out.source().slice(field.span) == name;
        let finding = out.report(field.span, message);
        finding.field(field.path.as_str());
        if let Some(meant) = meant.filter(|_| is_plain) {
            let edit = Edit { span: field.span, text: meant.to_owned() };
            finding.fix(format!("rename the field to `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    }
}

/// The end of a path, which says most.
fn cut(path: &str) -> &str {
    const LONGEST: usize = 160;
    let mut from = path.len().saturating_sub(LONGEST);
    while !path.is_char_boundary(from) {
        from += 1;
    }
    path.get(from..).unwrap_or_default()
}

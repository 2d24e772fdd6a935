use careen_kube_model::ObjectView;
use careen_kube_model::schema::{Defect, Report};
use careen_model::Context;
use careen_rule::{Confidence, Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::strings::is_encrypted;

rule! {
    /// The API server refuses a field that its kind does not have, or, asked to be lenient, drops
    /// it without a word: the limit, probe or policy that was meant is not there. A slip of the
    /// keyboard and a wrong indentation are the usual reasons.
    ///
    /// Kinds of Kubernetes itself are checked against the version of the configuration
    /// (`kubernetes-version`), the newest one if none is given; `custom-resource-invalid` checks
    /// custom resources. What SOPS adds and directives of patches (`$patch`) are left alone.
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
        check: Check::Schema(check),
        confidence: Confidence::High,
        aliases: &["schema-invalid"],
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-for-unrecognized-or-duplicate-fields",
        ],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, report: &Report, _: &Context, out: &mut Sink<'_>) {
    for problem in &report.problems {
        let Defect::Unknown { meant, elsewhere } = &problem.defect else { continue };
        let (holder, name) = problem.path.rsplit_once('.').unwrap_or(("", &problem.path));
        // `native-sidecar-unsupported` says so.
        let is_sidecar = name == "restartPolicy" && holder.contains("initContainers[");
        if name.starts_with('$')
            || (name == "sops" && is_encrypted(view))
            || (is_sidecar && elsewhere.is_some())
        {
            continue;
        }
        let is_plain = out.source().slice(problem.span) == name;
        let finding = out.report(problem.span, format!("{} {problem}", view.display()));
        finding.field(problem.path.as_str());
        if let Some(meant) = meant.as_ref().filter(|_| is_plain) {
            let edit = Edit { span: problem.span, text: meant.clone() };
            finding.fix(format!("rename the field to `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    }
}

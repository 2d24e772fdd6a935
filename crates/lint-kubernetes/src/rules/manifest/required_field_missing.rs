use careen_kube_model::ObjectView;
use careen_kube_model::schema::{Defect, Report};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;

rule! {
    /// The API server refuses an object without a field that its kind requires: a Deployment
    /// without a selector, a container without a name.
    ///
    /// It is fine in a patch, which another tool merges into the whole; objects that look like one
    /// are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    /// ^^^^ Deployment `shop/api` lacks the required field `spec.selector`
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
        id: "required-field-missing",
        summary: "required field is missing",
        remedy: "Add the field.",
        severity: High,
        check: Check::Schema(check),
        confidence: Confidence::High,
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/kubernetes-api/"],
    }
}

fn check(view: ObjectView<'_>, report: &Report, _: &Context, out: &mut Sink<'_>) {
    let missing = report.problems.iter().filter(|problem| problem.defect == Defect::Missing);
    let mut missing = missing.peekable();
    if missing.peek().is_none() || view.is_fragment() {
        return;
    }
    for problem in missing {
        let message = format!("{} {problem}", view.display());
        out.report(problem.span, message).field(problem.path.as_str());
    }
}

use careen_kube_model::ObjectView;
use careen_kube_model::schema::{Defect, Report};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::strings::places;

rule! {
    /// The API server refuses an object in which a value has the wrong type: a string where a
    /// number belongs, a mapping where a list belongs.
    ///
    /// Values with a place for another tool to fill in, such as `${REPLICAS}`, are left alone;
    /// scalars that only lack their quotes are reported by `value-needs-quotes`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: "3"
    /// #           ^^^ Deployment `shop/api` has a string in `spec.replicas`, where a whole number belongs
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
        id: "field-type-invalid",
        summary: "value has the wrong type",
        remedy: "Write a value of the type that the field takes.",
        severity: High,
        check: Check::Schema(check),
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/kubernetes-api/"],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, report: &Report, _: &Context, out: &mut Sink<'_>) {
    for problem in &report.problems {
        let Defect::Type { .. } = problem.defect else { continue };
        let span = problem.span;
        let needs_quotes =
            || places(view).any(|place| place.value.span() == span && place.misread().is_some());
        if is_placeholder(out.source().slice(span)) || needs_quotes() {
            continue;
        }
        let message = format!("{} {problem}", view.display());
        out.report(span, message).field(problem.path.as_str());
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::required;

rule! {
    /// An annotation that names a contact or a runbook spares minutes when something is on fire, if it
    /// is there.
    ///
    /// Says nothing until `careen.yaml` tells it which annotations are asked for. A value is a pattern in
    /// which `*` stands for any text; without one, any value but the empty one will do.
    ///
    /// ```config
    /// rules: {required-annotation-missing: {annotations: {example.com/contact: "*@example.com"}, kinds: [ConfigMap]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    /// ^^^^^^^^ ConfigMap `shop/limits` has no annotation `example.com/contact`
    ///   name: limits
    ///   namespace: shop
    /// data: {rate: "10"}
    /// ```
    /// ```config
    /// rules: {required-annotation-missing: {annotations: {example.com/contact: "*@example.com"}}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    ///   annotations:
    ///     example.com/contact: shop@example.com
    /// data: {rate: "10"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "required-annotation-missing",
        summary: "annotation that the configuration asks for is missing or has another value",
        remedy: "Add the annotation with a value that fits.",
        severity: Low,
        check: Check::Object(check),
        peers: &["kube-linter:required-annotation-email", "kube-linter:template:required-annotation"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/",
        ],
        options: &[
            RuleOption {
                name: "annotations",
                kind: OptionKind::Map,
                summary: "The annotations that every object must have, each with a pattern for its value or nothing.",
            },
            required::KINDS,
        ],
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let wanted = context.options.map(RULE.meta.id, "annotations");
    if !wanted.is_empty() && required::is_asked_for(view, RULE.meta.id, context) {
        required::check(view, "annotation", "annotations", view.annotations(), wanted, out);
    }
}

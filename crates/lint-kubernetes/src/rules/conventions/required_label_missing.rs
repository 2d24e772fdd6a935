use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::required;

rule! {
    /// Labels such as `owner` or `cost-centre` are how a team finds what is its own at night and how
    /// bills are split. They help only if every object has them.
    ///
    /// Says nothing until `careen.yaml` tells it which labels are asked for. A value is a pattern in
    /// which `*` stands for any text; without one, any value but the empty one will do.
    ///
    /// ```config
    /// rules: {required-label-missing: {labels: {owner: "team-*"}, kinds: [ConfigMap]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    /// ^^^^^^^^ ConfigMap `shop/limits` has no label `owner`
    ///   name: limits
    ///   namespace: shop
    /// data: {rate: "10"}
    /// ```
    /// ```config
    /// rules: {required-label-missing: {labels: {owner: "team-*"}}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    ///   labels:
    ///     owner: team-shop
    /// data: {rate: "10"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "required-label-missing",
        summary: "label that the configuration asks for is missing or has another value",
        remedy: "Add the label with a value that fits.",
        severity: Low,
        check: Check::Object(check),
        peers: &["kube-linter:required-label-owner", "kube-linter:template:required-label", "kubescape:C-0076"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
        ],
        options: &[
            RuleOption {
                name: "labels",
                kind: OptionKind::Map,
                summary: "The labels that every object must have, each with a pattern for its value or nothing.",
            },
            required::KINDS,
        ],
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let wanted = context.options.map(RULE.meta.id, "labels");
    if !wanted.is_empty() && required::is_asked_for(view, RULE.meta.id, context) {
        required::check(view, "label", "labels", view.labels(), wanted, out);
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, fits, rule};

use crate::Check;
use crate::place::cut;
use crate::required;

rule! {
    /// Annotations steer controllers: they open ports, change certificates and run code. Some of
    /// them a platform team does not want to see.
    ///
    /// Says nothing until `careen.yaml` tells it which annotations are forbidden.
    ///
    /// ```config
    /// rules: {forbidden-annotation: {annotations: ["sidecar.istio.io/*"]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   annotations:
    ///     sidecar.istio.io/inject: "false"
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^ ConfigMap `limits` has the forbidden annotation `sidecar.istio.io/inject`
    /// data: {rate: "10"}
    /// ```
    /// ```config
    /// rules: {forbidden-annotation: {annotations: ["sidecar.istio.io/*"]}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   annotations:
    ///     example.com/contact: shop
    /// data: {rate: "10"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "forbidden-annotation",
        summary: "annotation that the configuration forbids is present",
        remedy: "Remove the annotation.",
        severity: Low,
        check: Check::Object(check),
        peers: &["kube-linter:template:forbidden-annotation"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/",
        ],
        fragments: true,
        options: &[
            RuleOption {
                name: "annotations",
                kind: OptionKind::Words,
                summary: "The annotations that no object may have, with `*` for any text.",
            },
            required::KINDS,
        ],
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let forbidden = context.options.words(RULE.meta.id, "annotations");
    if forbidden.is_empty() || !required::is_asked_for(view, RULE.meta.id, context) {
        return;
    }
    let pod = view.pod_template().filter(|pod| !pod.path_prefix().is_empty());
    let pod = pod.into_iter().flat_map(|pod| pod.annotations().iter());
    for annotation in view.annotations().iter().chain(pod) {
        if forbidden.iter().any(|pattern| fits(pattern, annotation.key)) {
            let key = cut(annotation.key);
            let message = format!("{} has the forbidden annotation `{key}`", view.display());
            out.report(annotation.key_node.span(), message).evidence(key);
        }
    }
}

use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, fits, rule};

use crate::Check;

rule! {
    /// A platform may have reasons to keep whole kinds out: bare ReplicaSets, Ingresses where
    /// routes are meant to be HTTPRoutes, a CRD that is on its way out.
    ///
    /// Says nothing until `careen.yaml` tells it which objects: `Kind`, `group/Kind` or
    /// `group/version/Kind`, with `*` for any text. The core group is written as the empty word:
    /// `/v1/Pod`.
    ///
    /// ```config
    /// rules: {api-object-disallowed: {objects: ["networking.k8s.io/*/Ingress"]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// #     ^^^^^^^ Ingress `shop/web` is of a kind that is not allowed: `networking.k8s.io/*/Ingress`
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   defaultBackend:
    ///     service: {name: web, port: {name: http}}
    /// ```
    /// ```config
    /// rules: {api-object-disallowed: {objects: [extensions/v1beta1/*, ReplicaSet]}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   defaultBackend:
    ///     service: {name: web, port: {name: http}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "api-object-disallowed",
        summary: "object is of a kind that the configuration does not allow",
        remedy: "Use what the platform offers instead.",
        severity: Medium,
        check: Check::Object(check),
        peers: &["kube-linter:template:disallowed-api-obj"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/using-api/#api-groups"],
        fragments: true,
        options: &[RuleOption {
            name: "objects",
            kind: OptionKind::Words,
            summary: "`Kind`, `group/Kind` or `group/version/Kind` that no object may be of.",
        }],
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let disallowed = context.options.words(RULE.meta.id, "objects");
    if let Some(pattern) = disallowed.iter().find(|pattern| is_meant(view, pattern)) {
        let message = format!("{} is of a kind that is not allowed: `{pattern}`", view.display());
        out.report(view.kind_span(), message);
    }
}

fn is_meant(view: ObjectView<'_>, pattern: &str) -> bool {
    let mut parts = pattern.splitn(3, '/');
    let words = (parts.next(), parts.next(), parts.next());
    let is =
        |pattern: &str, word: &str| pattern == word || (!pattern.is_empty() && fits(pattern, word));
    match words {
        (Some(kind), None, None) => is(kind, view.kind()),
        (Some(group), Some(kind), None) => is(group, view.group()) && is(kind, view.kind()),
        (Some(group), Some(version), Some(kind)) => {
            is(group, view.group()) && is(version, view.version()) && is(kind, view.kind())
        }
        _ => false,
    }
}

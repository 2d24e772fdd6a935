use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::{GROUP, rules};

rule! {
    /// A rule of a route either redirects a request or sends it to a backend. The API server
    /// refuses a rule that does both, or that redirects and rewrites, so that the route is not
    /// created and the requests stay with the old one. Use two rules, or two routes.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - filters:
    ///     - type: RequestRedirect
    /// #           ^^^^^^^^^^^^^^^ rule 1 of HTTPRoute `shop` redirects requests and also has backends
    ///       requestRedirect: {scheme: https}
    ///     backendRefs: [{name: web, port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - filters:
    ///     - type: RequestRedirect
    ///       requestRedirect: {scheme: https}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-redirect-with-backend",
        summary: "rule of a route redirects and has backends",
        remedy: "Give the redirect a rule of its own, without `backendRefs`.",
        severity: High,
        check: Check::Kind(&["HTTPRoute"], check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != GROUP {
        return;
    }
    for (index, rule) in rules(object).enumerate() {
        let filters = field(rule, "filters");
        let has = |wanted| {
            filters.iter().flat_map(Node::items).find_map(|filter| {
                let kind = field(filter, "type")?;
                (kind.text() == Some(wanted)).then_some(kind)
            })
        };
        let Some(redirect) = has("RequestRedirect") else { continue };
        let has_backends =
            field(rule, "backendRefs").is_some_and(|list| list.items().next().is_some());
        let what = if has_backends {
            "has backends"
        } else if has("URLRewrite").is_some() {
            "rewrites them"
        } else {
            continue;
        };
        let number = index + 1;
        let message =
            format!("rule {number} of {} redirects requests and also {what}", object.display());
        out.report(redirect.span(), message).field(format!("spec.rules[{index}]"));
    }
}

use careen_kube_model::{ObjectView, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::relations::{short_span, text};

rule! {
    /// Each path of an Ingress needs a `pathType` and begins with `/`; with the types `Exact` and
    /// `Prefix` it may hold neither `//` nor `.` and `..` as steps. The API server refuses anything
    /// else.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: api
    /// #             ^^^ path `api` of Ingress `shop` does not begin with `/`
    ///         pathType: Prefix
    ///         backend: {service: {name: api, port: {number: 80}}}
    ///       - path: /web
    /// #             ^^^^ path `/web` of Ingress `shop` has no `pathType`
    ///         backend: {service: {name: web, port: {number: 80}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /api
    ///         pathType: Prefix
    ///         backend: {service: {name: api, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-path-invalid",
        summary: "path of an ingress is refused",
        remedy: "Begin the path with `/` and set its `pathType`.",
        severity: High,
        check: Check::Kind(&["Ingress"], check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != "networking.k8s.io" || object.version() != "v1" {
        return;
    }
    let rules = object.at(&["spec", "rules"]);
    for paths in
        rules.iter().flat_map(Node::items).filter_map(|rule| path(rule, &["http", "paths"]))
    {
        for item in paths.items() {
            let written = field(item, "path");
            let value = written.and_then(|node| node.text()).unwrap_or_default();
            if is_placeholder(value) {
                continue;
            }
            let Some(problem) = problem(value, text(item, "pathType")) else { continue };
            let shown = crate::place::cut(value);
            let message = format!("path `{shown}` of {} {problem}", object.display());
            let place = written.map_or_else(|| short_span(item), |node| node.span());
            out.report(place, message).evidence(shown);
        }
    }
}

fn problem(path: &str, kind: Option<&str>) -> Option<&'static str> {
    let Some(kind) = kind else { return Some("has no `pathType`") };
    if kind == "ImplementationSpecific" {
        return (!path.is_empty() && !path.starts_with('/')).then_some("does not begin with `/`");
    }
    if !path.starts_with('/') {
        Some("does not begin with `/`")
    } else if path.contains("//") {
        Some("has an empty step")
    } else if path.split('/').any(|step| step == "." || step == "..") {
        Some("has a step `.` or `..`")
    } else if path.contains("%2f") || path.contains("%2F") {
        Some("has an encoded `/`")
    } else {
        None
    }
}

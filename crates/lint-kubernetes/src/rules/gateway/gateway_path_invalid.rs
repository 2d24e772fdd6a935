use careen_kube_model::{ObjectView, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::{GROUP, rules};
use crate::placeholder::is_placeholder;
use crate::relations::text;

rule! {
    /// A path that a route matches begins with `/`, and unless it is a regular expression it has no
    /// empty step, no `.` or `..` as a step, no encoded `/` and no `#`. The
    /// API server refuses such a route, and the requests stay with the old one.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - matches:
    ///     - path: {value: api}
    /// #                   ^^^ path `api` of HTTPRoute `shop` does not begin with `/`
    ///     - path: {value: /a//b}
    /// #                   ^^^^^ path `/a//b` of HTTPRoute `shop` has an empty step
    ///     backendRefs: [{name: api, port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - matches:
    ///     - path: {value: /api}
    ///     - path: {type: RegularExpression, value: "^/b/[0-9]+"}
    ///     backendRefs: [{name: api, port: 80}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-path-invalid",
        summary: "path of a route is refused",
        remedy: "Begin the path with `/`, and write it without empty steps and `..`.",
        severity: High,
        check: Check::Kind(&["HTTPRoute"], check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != GROUP {
        return;
    }
    for rule in rules(object) {
        let matches = field(rule, "matches");
        for found in matches.iter().flat_map(Node::items).filter_map(|item| path(item, &["path"])) {
            let Some(node) = field(found, "value") else { continue };
            let Some(value) = node.text().filter(|value| !is_placeholder(value)) else { continue };
            if !matches!(text(found, "type"), None | Some("Exact" | "PathPrefix")) {
                continue;
            }
            let Some(problem) = problem(value) else { continue };
            let shown = crate::place::cut(value);
            let message = format!("path `{shown}` of {} {problem}", object.display());
            out.report(node.span(), message).evidence(shown);
        }
    }
}

fn problem(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        Some("does not begin with `/`")
    } else if path.contains("//") {
        Some("has an empty step")
    } else if path.split('/').any(|step| step == "." || step == "..") {
        Some("has a step `.` or `..`")
    } else if path.contains("%2f") || path.contains("%2F") {
        Some("has an encoded `/`")
    } else if path.contains('#') {
        Some("has a `#`")
    } else {
        None
    }
}

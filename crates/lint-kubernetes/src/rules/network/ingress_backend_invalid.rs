use careen_kube_model::{ObjectView, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::short_span;

rule! {
    /// A backend names a Service and one of its ports, by name or by number, or a resource. The
    /// API server refuses one that has no port, both a name and a number, both a Service and a
    /// resource, or nothing at all.
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
    ///       - path: /
    ///         pathType: Prefix
    ///         backend: {service: {name: web}}
    /// #                ^^^^^^^^^^^^^^^^^^^^^^ backend of Ingress `shop` names no port of Service `web`
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
    ///       - path: /
    ///         pathType: Prefix
    ///         backend: {service: {name: web, port: {number: 80}}}
    ///       - path: /icons
    ///         pathType: Prefix
    ///         backend: {resource: {apiGroup: example.com, kind: Bucket, name: icons}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-backend-invalid",
        summary: "ingress backend names no port or no service",
        remedy: "Give the backend a `service.name` and one of `service.port.name` and `service.port.number`.",
        severity: High,
        check: Check::Kind(&["Ingress"], check),
        peers: &["popeye:1404"],
        controls: &[control::MANIFESTS_VALID, control::SERVICE_URLS],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    // Older versions wrote backends differently and are gone.
    if object.group() != "networking.k8s.io" || object.version() != "v1" {
        return;
    }
    let default = object.at(&["spec", "defaultBackend"]);
    let rules = object.at(&["spec", "rules"]);
    let paths =
        rules.iter().flat_map(Node::items).filter_map(|rule| path(rule, &["http", "paths"]));
    let paths: Vec<Node<'_>> = paths.collect();
    let backends = paths.iter().flat_map(Node::items).filter_map(|path| field(path, "backend"));
    for backend in default.into_iter().chain(backends) {
        let Some(problem) = problem(backend) else { continue };
        let message = format!("backend of {} {problem}", object.display());
        out.report(short_span(backend), message).evidence(problem);
    }
}

fn problem(backend: Node<'_>) -> Option<String> {
    let Some(service) = field(backend, "service") else {
        let is_resource = field(backend, "resource").is_some();
        return (!is_resource).then(|| "names neither a Service nor a resource".to_owned());
    };
    if field(backend, "resource").is_some() {
        return Some("names both a Service and a resource".to_owned());
    }
    let name = field(service, "name").and_then(|node| node.text()).unwrap_or_default();
    if name.is_empty() {
        return Some("names no Service".to_owned());
    }
    let number = path(service, &["port", "number"]).filter(|node| node.as_i64() != Some(0));
    let port = path(service, &["port", "name"]).filter(|node| node.text() != Some(""));
    match (number, port) {
        (Some(_), Some(_)) => {
            Some(format!("gives both a name and a number for the port of Service `{name}`"))
        }
        (None, None) => Some(format!("names no port of Service `{name}`")),
        (Some(number), None) => {
            let number = number.as_i64().filter(|number| !(1..=65535).contains(number))?;
            Some(format!("names port {number} of Service `{name}`, which cannot be"))
        }
        (None, Some(_)) => None,
    }
}

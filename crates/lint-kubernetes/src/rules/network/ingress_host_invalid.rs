use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::hostname::{is_variable, problem};
use crate::nginx::is_ingress;

rule! {
    /// The host of an Ingress is a DNS name in lower case, with `*.` at most as its first label.
    /// The API server refuses an IP address, a port, a scheme, a path, and a `*` alone or anywhere
    /// else.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - host: https://shop.example.com
    /// #         ^^^^^^^^^^^^^^^^^^^^^^^^ host `https://shop.example.com` of Ingress `shop` has a scheme
    ///   - host: "*"
    /// #         ^^^ host `*` of Ingress `shop` has a `*` that is not the first of several labels
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: "*.shop.example.com"
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-host-invalid",
        summary: "host of an ingress is no DNS name",
        remedy: "Use a DNS name in lower case, without scheme, port or path.",
        severity: High,
        check: Check::Kind(&["Ingress"], check),
        fragments: true,
        controls: &[control::MANIFESTS_VALID, control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_ingress(object) {
        return;
    }
    let rules = object.at(&["spec", "rules"]);
    for node in rules.iter().flat_map(Node::items).filter_map(|rule| field(rule, "host")) {
        let Some(host) = node.text().filter(|host| !is_variable(host)) else { continue };
        if let Some(problem) = problem(host) {
            let shown = crate::place::cut(host);
            let message = format!("host `{shown}` of {} {problem}", object.display());
            out.report(node.span(), message).evidence(shown);
        }
    }
}

use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::nginx::is_ingress;
use crate::relations::short_span;

rule! {
    /// A rule without a host takes the requests for every name that reaches the controller and
    /// that no other Ingress has: also those of hosts that are misspelt, of a tenant whose Ingress
    /// is gone, and of scanners that know the address only. It is fine for the one Ingress that is
    /// meant to catch the rest, and where each Ingress has a load balancer of its own.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - http:
    /// #   ^^^^ rule 1 of Ingress `shop` takes the requests for every host
    ///       paths:
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
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
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-host-missing",
        summary: "ingress takes the requests for every host",
        remedy: "Set the `host` of the rule.",
        severity: Low,
        check: Check::Kind(&["Ingress"], check),
        confidence: Confidence::High,
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_ingress(object) {
        return;
    }
    let rules = object.at(&["spec", "rules"]);
    for (index, rule) in rules.iter().flat_map(Node::items).enumerate() {
        let host = field(rule, "host").and_then(|host| host.text()).unwrap_or_default();
        if host.is_empty() && field(rule, "http").is_some() {
            let number = index + 1;
            let message =
                format!("rule {number} of {} takes the requests for every host", object.display());
            out.report(short_span(rule), message).field(format!("spec.rules[{index}].host"));
        }
    }
}

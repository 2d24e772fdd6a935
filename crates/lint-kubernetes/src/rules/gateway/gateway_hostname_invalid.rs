use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::gateway::{GROUP, LISTENING, ROUTES, hostnames, is_listening, listeners};
use crate::hostname::{is_variable, problem};

rule! {
    /// Hostnames of listeners and routes are DNS names in lower case, with `*.` at most as the
    /// first label. The API server refuses an IP address, a port, a scheme, a path, and a `*` alone
    /// or anywhere else. For every host, leave the hostname out.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames:
    ///   - "*"
    /// #   ^^^ hostname `*` of HTTPRoute `shop` has a `*`
    ///   - shop.example.com:8080
    /// #   ^^^^^^^^^^^^^^^^^^^^^ hostname `shop.example.com:8080` of HTTPRoute `shop` has a port
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames: ["*.example.com", example.com]
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-hostname-invalid",
        summary: "hostname of a listener or route is no DNS name",
        remedy: "Use a DNS name in lower case, without scheme, port or path.",
        severity: High,
        check: Check::Kind(
            &[
                "Gateway",
                "ListenerSet",
                "XListenerSet",
                "HTTPRoute",
                "GRPCRoute",
                "TLSRoute",
            ],
            check,
        ),
        fragments: true,
        controls: &[control::MANIFESTS_VALID, control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut judge = |host: &str, span| {
        if let Some(problem) = problem(host).filter(|_| !is_variable(host)) {
            let shown = crate::place::cut(host);
            let message = format!("hostname `{shown}` of {} {problem}", object.display());
            out.report(span, message).evidence(shown);
        }
    };
    if object.group() == GROUP && ROUTES.contains(&object.kind()) {
        for (host, node) in hostnames(object) {
            judge(host, node.span());
        }
    } else if is_listening(object) && LISTENING.contains(&object.kind()) {
        for listener in listeners(object) {
            if let Some(node) = field(listener.node, "hostname") {
                judge(node.text().unwrap_or_default(), node.span());
            }
        }
    }
}

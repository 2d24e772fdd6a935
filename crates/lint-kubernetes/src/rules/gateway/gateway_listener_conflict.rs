use std::collections::HashMap;

use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::gateway::{LISTENING, Listener, is_listening, listeners};

rule! {
    /// Listeners of one Gateway are told apart by port, protocol and hostname, and by their names.
    /// Two that cannot be told apart conflict: the API server refuses them, or the controller takes
    /// both out of service. The same goes for one port with two protocols that do not mix, such as
    /// HTTP and HTTPS.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - {name: shop, protocol: HTTP, port: 80, hostname: shop.example.com}
    ///   - {name: web, protocol: HTTP, port: 80, hostname: Shop.example.com}
    /// #          ^^^ listener `web` of Gateway `edge` has the port, protocol and hostname of listener `shop`
    ///   - {name: tls, protocol: HTTPS, port: 80, tls: {certificateRefs: [{name: a}]}}
    /// #                                      ^^ listener `tls` of Gateway `edge` speaks HTTPS on port 80, where listener `shop` speaks HTTP
    ///   - {name: web, protocol: TCP, port: 5432}
    /// #          ^^^ listener `web` of Gateway `edge` has the name of another listener
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - {name: shop, protocol: HTTP, port: 80, hostname: shop.example.com}
    ///   - {name: rest, protocol: HTTP, port: 80}
    ///   - {name: tls, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: a}]}}
    ///   - {name: quic, protocol: UDP, port: 443}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-listener-conflict",
        summary: "two listeners of a gateway cannot be told apart",
        remedy: "Give each listener its own name and its own port, protocol or hostname.",
        severity: High,
        check: Check::Kind(LISTENING, check),
        controls: &[control::MANIFESTS_VALID, control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/api-types/gateway/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_listening(object) {
        return;
    }
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut claims: HashMap<(i64, &str, String), &str> = HashMap::new();
    let mut ports: HashMap<(i64, bool), (&str, &str)> = HashMap::new();
    for listener in listeners(object) {
        let name = field(listener.node, "name").unwrap_or(listener.node);
        let known = names.entry(listener.name).or_default();
        *known += 1;
        if *known == 2 && !listener.name.is_empty() {
            let message = format!("{} has the name of another listener", listener.display());
            out.report(name.span(), message).evidence(listener.name);
        }
        let (protocol, port) = (listener.protocol(), listener.port());
        let (Some(family), Some(port)) = (family(&listener), port) else { continue };
        let host = listener.hostname().unwrap_or_default().to_ascii_lowercase();
        if let Some(first) = claims.get(&(port, protocol, host.clone())) {
            let message = format!(
                "{} has the port, protocol and hostname of listener `{first}`",
                listener.display()
            );
            out.report(name.span(), message).evidence(format!("{port}/{host}"));
            continue;
        }
        claims.insert((port, protocol, host), listener.name);
        let (first, spoken) =
            *ports.entry((port, family == "UDP")).or_insert((listener.name, protocol));
        if family != self::family_of(spoken).unwrap_or(family) {
            let message = format!(
                "{} speaks {protocol} on port {port}, where listener `{first}` speaks {spoken}",
                listener.display()
            );
            let place = field(listener.node, "port").unwrap_or(name);
            out.report(place.span(), message).evidence(format!("{port}/{protocol}"));
        }
    }
}

/// Protocols of one family may share a port; none for those that are not of the standard.
fn family(listener: &Listener<'_>) -> Option<&'static str> {
    family_of(listener.protocol())
}

fn family_of(protocol: &str) -> Option<&'static str> {
    match protocol {
        "HTTP" => Some("HTTP"),
        "HTTPS" | "TLS" => Some("TLS"),
        "TCP" => Some("TCP"),
        "UDP" => Some("UDP"),
        _ => None,
    }
}

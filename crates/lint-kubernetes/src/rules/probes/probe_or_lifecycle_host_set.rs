use std::net::IpAddr;

use careen_kube_model::{Container, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

rule! {
    /// Probes and lifecycle hooks are called by the kubelet, from the node's network. With `host`
    /// set, whoever may create pods can make every node send requests to addresses that the pod
    /// itself cannot reach, such as a cloud's metadata service, and a probe of another host says
    /// nothing about this container.
    ///
    /// Since Kubernetes 1.34 the baseline Pod Security Standard forbids it. Set a `Host` header
    /// under `httpHeaders` to choose a virtual host.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         livenessProbe:
    ///           httpGet: {host: 169.254.169.254, path: /, port: 80}
    /// #                         ^^^^^^^^^^^^^^^ container `web` in Deployment `shop/api` has a `livenessProbe` that calls host `169.254.169.254`
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         livenessProbe:
    ///           httpGet:
    ///             path: /alive
    ///             port: 8080
    ///             httpHeaders: [{name: Host, value: shop.example.com}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-or-lifecycle-host-set",
        summary: "probe or lifecycle hook calls another host",
        remedy: "Remove `host`: the kubelet then asks the pod itself.",
        severity: Medium,
        check: Check::Container(check),
        fragments: true,
        peers: &["pss:hostProbesAndHostLifecycle"],
        security: true,
        cwe: &[918],
        controls: &[control::HEALTH_PROBES, control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let lifecycle = container.lifecycle();
    let hooks = ["preStop", "postStart"]
        .into_iter()
        .filter_map(|hook| lifecycle.and_then(|node| field(node, hook)).map(|node| (hook, node)));
    let probes = container.probes().map(|probe| (probe.kind.field(), probe.node));
    for (what, node) in probes.chain(hooks) {
        for action in ["httpGet", "tcpSocket"] {
            let Some(host) = path(node, &[action, "host"]) else { continue };
            let Some(name) = host.text().filter(|name| !name.is_empty()) else { continue };
            if container.pod.host_network().is_some() && is_this_node(name) {
                continue;
            }
            let message =
                format!("{} has a `{what}` that calls host `{name}`", container.display());
            out.report(host.span(), message).field(format!("{what}.{action}.host"));
        }
    }
}

/// Whether the host is the node itself: a loopback or link-local address, or what another tool
/// fills in.
fn is_this_node(host: &str) -> bool {
    let is_local = match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    };
    is_local || is_placeholder(host)
}

use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::relations::text;
use crate::usage::{is_whole, probe_noun};

rule! {
    /// The kubelet asks in plain HTTP unless `scheme: HTTPS` is written. A server that expects TLS
    /// answers with an error or not at all: the probe fails for ever, or what it takes for healthy
    /// is an error page. Ports are known by their names here, `https` and `http`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         ports:
    ///         - {name: https, containerPort: 8443}
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: https}
    /// #                                       ^^^^^ container `web` in Deployment `shop/api` has a readiness probe that speaks HTTP to port `https`
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         ports:
    ///         - {name: https, containerPort: 8443}
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: https, scheme: HTTPS}
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-scheme-mismatch",
        summary: "probe speaks plain HTTP to a port for HTTPS, or the other way round",
        remedy: "Set `scheme: HTTPS`, or correct the port.",
        severity: Medium,
        check: Check::Container(check),
        confidence: Confidence::Medium,
        controls: &[control::HEALTH_PROBES],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes"],
        fragments: true,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for probe in container.probes() {
        let Some(("httpGet", handler)) = probe.action() else { continue };
        let Some(port) = field(handler, "port") else { continue };
        let scheme = text(handler, "scheme").unwrap_or("HTTP");
        if !matches!((port.text(), scheme), (Some("https"), "HTTP") | (Some("http"), "HTTPS")) {
            continue;
        }
        // A patch may give the port, and leave the scheme to what it patches.
        if !is_whole(container) {
            continue;
        }
        let message = format!(
            "{} has a {} probe that speaks {scheme} to port `{}`",
            container.display(),
            probe_noun(probe.kind),
            port.text().unwrap_or_default()
        );
        out.report(port.span(), message).field(format!("{}.httpGet.scheme", probe.kind.field()));
    }
}

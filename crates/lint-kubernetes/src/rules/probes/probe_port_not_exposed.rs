use careen_kube_model::{Container, IntOrString, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::usage::probe_noun;

rule! {
    /// A probe may name its port instead of numbering it. Where the container declares no port of
    /// that name the probe fails for ever: a readiness probe keeps every pod out of its Service,
    /// a liveness probe restarts it without end.
    ///
    /// Ports by number are not looked at: a container may listen on ports that it does not
    /// declare. A quoted number is a name to Kubernetes.
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
    ///         ports:
    ///         - {name: http, containerPort: 8080}
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: web}
    /// #                                       ^^^ container `web` in Deployment `shop/api` has a readiness probe on port `web`, which it does not declare
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
    ///         ports:
    ///         - {name: http, containerPort: 8080}
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: http}
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-port-not-exposed",
        summary: "probe names a port the container does not declare",
        remedy: "Declare the port under `ports`, or correct the name.",
        severity: High,
        check: Check::Container(check),
        aliases: &[
            "liveness-probe-port-not-exposed",
            "readiness-probe-port-not-exposed",
            "startup-probe-port-not-exposed",
        ],
        peers: &[
            "kube-linter:liveness-port",
            "kube-linter:readiness-port",
            "kube-linter:startup-port",
        ],
        controls: &[control::HEALTH_PROBES],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for probe in container.probes() {
        let Some((action, handler)) = probe.action() else { continue };
        let Some(port) = field(handler, "port") else { continue };
        let Some(IntOrString::String(wanted)) = IntOrString::of(port) else { continue };
        let mut declared = container.ports().filter_map(|port| field(port, "name")?.text());
        if !declared.any(|name| name == wanted) && !is_placeholder(wanted) {
            let message = format!(
                "{} has a {} probe on port `{wanted}`, which it does not declare",
                container.display(),
                probe_noun(probe.kind)
            );
            let path = format!("{}.{action}.port", probe.kind.field());
            out.report(port.span(), message).field(path);
        }
    }
}

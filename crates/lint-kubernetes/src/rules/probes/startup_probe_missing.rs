use careen_kube_model::{Container, Probe, ProbeKind};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::stays;

rule! {
    /// A liveness probe runs from the first second. A container that starts slower than usual, on
    /// a busy node or with a cold cache, is restarted before it was ever up, and never gets
    /// there. A startup probe holds the liveness probe back for as long as starting may take.
    ///
    /// It is fine without one where starting takes a moment. A liveness probe with an
    /// `initialDelaySeconds` is taken to have thought of it. Off unless it is asked for.
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
    /// #             ^^^ container `web` in Deployment `shop/api` has a liveness probe but no startup probe
    ///         image: registry.example.com/web:1.4.0
    ///         livenessProbe:
    ///           httpGet: {path: /alive, port: 8080}
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
    ///         startupProbe:
    ///           httpGet: {path: /alive, port: 8080}
    ///           failureThreshold: 30
    ///         livenessProbe:
    ///           httpGet: {path: /alive, port: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "startup-probe-missing",
        summary: "liveness probe starts without waiting for the container",
        remedy: "Add a `startupProbe` that gives the container time to start.",
        severity: Info,
        check: Check::Container(check),
        controls: &[control::HEALTH_PROBES],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes",
        ],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let hurried = |probe: &Probe<'_>| probe.initial_delay() == 0;
    let liveness = container.probe(ProbeKind::Liveness).filter(hurried);
    if liveness.is_some() && container.probe(ProbeKind::Startup).is_none() && stays(container) {
        let message = format!("{} has a liveness probe but no startup probe", container.display());
        out.report(container.name_span, message).field("startupProbe");
    }
}

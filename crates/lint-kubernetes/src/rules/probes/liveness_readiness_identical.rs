use careen_kube_model::{Container, Probe, ProbeKind};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::same::same;

rule! {
    /// When both probes ask the same question and fail after the same time, a pod that is merely
    /// too busy to serve is not taken out of its Service for a while but restarted, together with
    /// all its siblings under the same load.
    ///
    /// The same question is fine where the liveness probe waits longer before it gives up: that
    /// is how the Kubernetes documentation recommends it.
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
    /// #       ^^^^^^^^^^^^^ container `web` in Deployment `shop/api` asks the same in its liveness and readiness probe
    ///           httpGet: {path: /healthz, port: 8080}
    ///         readinessProbe:
    ///           httpGet: {path: /healthz, port: 8080}
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
    ///           httpGet: {path: /healthz, port: 8080}
    ///           failureThreshold: 10
    ///         readinessProbe:
    ///           httpGet: {path: /healthz, port: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "liveness-readiness-identical",
        summary: "liveness probe gives up no later than the same readiness probe",
        remedy: "Give the liveness probe a question of its own, or a higher `failureThreshold`.",
        severity: Low,
        check: Check::Container(check),
        aliases: &["liveness-stricter-than-readiness"],
        peers: &["kube-score:pod-probes-identical"],
        controls: &[control::HEALTH_PROBES],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Some(liveness), Some(readiness)) =
        (container.probe(ProbeKind::Liveness), container.probe(ProbeKind::Readiness))
    else {
        return;
    };
    let (Some((how, asked)), Some((also, too))) = (liveness.action(), readiness.action()) else {
        return;
    };
    if how == also && patience(liveness) <= patience(readiness) && same(asked, too) {
        let key = container.node.entry("livenessProbe").map(|entry| entry.key.span());
        let message = format!(
            "{} asks the same in its liveness and readiness probe, and restarts as soon as it is \
             not ready",
            container.display()
        );
        out.report(key.unwrap_or(container.name_span), message).field("livenessProbe");
    }
}

/// Seconds of failure until the probe gives up.
fn patience(probe: Probe<'_>) -> i64 {
    probe.period().saturating_mul(probe.failure_threshold())
}

use careen_kube_model::{Container, ProbeKind, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::usage::stays;

/// Seconds that are not too long.
const FINE: i64 = 300;

rule! {
    /// When a liveness probe fails, the container is told to end and has the pod's whole grace
    /// period for it. A long period is right for a program that drains its work, and a program that
    /// hangs does not drain: it stays as it is for all that time. A probe can have a period of its
    /// own. Grace periods of more than five minutes are reported.
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
    ///       terminationGracePeriodSeconds: 3600
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         livenessProbe:
    /// #       ^^^^^^^^^^^^^ container `web` in Deployment `shop/api` is restarted up to 3600 s after its liveness probe has failed
    ///           httpGet: {path: /alive, port: 8080}
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
    ///       terminationGracePeriodSeconds: 3600
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         livenessProbe:
    ///           httpGet: {path: /alive, port: 8080}
    ///           terminationGracePeriodSeconds: 30
    /// ```
    pub(crate) static RULE: Check = {
        id: "liveness-restart-slow",
        summary: "a container that hangs is restarted late",
        remedy: "Give the liveness probe a `terminationGracePeriodSeconds` of its own.",
        severity: Low,
        check: Check::Container(check),
        confidence: Confidence::High,
        controls: &[control::HEALTH_PROBES],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(probe) = container.probe(ProbeKind::Liveness) else { return };
    let period = container.pod.termination_grace_period();
    let own = field(probe.node, "terminationGracePeriodSeconds");
    if period <= FINE || own.is_some() || !stays(container) {
        return;
    }
    let key = container.node.entry("livenessProbe").map(|entry| entry.key.span());
    let message = format!(
        "{} is restarted up to {period} s after its liveness probe has failed",
        container.display()
    );
    out.report(key.unwrap_or(container.name_span), message)
        .field("livenessProbe.terminationGracePeriodSeconds");
}

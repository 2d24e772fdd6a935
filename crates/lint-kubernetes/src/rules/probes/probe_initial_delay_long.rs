use careen_kube_model::{Container, ProbeKind, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::probe_noun;

/// Seconds that are not too long.
const FINE: i64 = 60;

rule! {
    /// `initialDelaySeconds` is waited for after every start, also when the container was ready
    /// long before: each restart and each step of a rollout takes that long. A `startupProbe` waits
    /// as long as it must and no longer. Delays of more than a minute are reported, of containers
    /// without a startup probe.
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
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    ///           initialDelaySeconds: 120
    /// #                              ^^^ container `web` in Deployment `shop/api` has a readiness probe that starts after 120 s
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
    ///         startupProbe:
    ///           httpGet: {path: /ready, port: 8080}
    ///           failureThreshold: 60
    ///           periodSeconds: 2
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-initial-delay-long",
        summary: "probe waits long before it starts",
        remedy: "Replace `initialDelaySeconds` by a `startupProbe`.",
        severity: Low,
        check: Check::Container(check),
        controls: &[control::HEALTH_PROBES],
        references: &["https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.probe(ProbeKind::Startup).is_some() {
        return;
    }
    for probe in container.probes() {
        let delay = probe.initial_delay();
        let Some(node) = field(probe.node, DELAY).filter(|_| delay > FINE) else { continue };
        let message = format!(
            "{} has a {} probe that starts after {delay} s",
            container.display(),
            probe_noun(probe.kind)
        );
        out.report(node.span(), message).field(format!("{}.{DELAY}", probe.kind.field()));
    }
}

const DELAY: &str = "initialDelaySeconds";

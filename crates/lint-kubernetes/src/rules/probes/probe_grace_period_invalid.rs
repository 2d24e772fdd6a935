use careen_kube_model::{Container, ProbeKind, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::probe_noun;

rule! {
    /// A liveness or startup probe may give the container less time to end than its pod has. A
    /// readiness probe ends nothing, so the API server refuses the field there, as it refuses a
    /// period that is not positive. There is no case in which this is right.
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
    ///           terminationGracePeriodSeconds: 10
    /// #                                        ^^ container `web` in Deployment `shop/api` has a grace period in its readiness probe
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
    ///         livenessProbe:
    ///           httpGet: {path: /alive, port: 8080}
    ///           terminationGracePeriodSeconds: 10
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-grace-period-invalid",
        summary: "probe has a grace period that is not allowed",
        remedy: "Remove it from a readiness probe; elsewhere set a positive number.",
        severity: High,
        check: Check::Container(check),
        controls: &[control::HEALTH_PROBES, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds"],
        fragments: true,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for probe in container.probes() {
        let Some(node) = field(probe.node, PERIOD) else { continue };
        let noun = probe_noun(probe.kind);
        let what = match node.as_i64() {
            _ if probe.kind == ProbeKind::Readiness => {
                format!("a grace period in its {noun} probe")
            }
            Some(seconds) if seconds < 1 => {
                format!("a grace period of {seconds} s in its {noun} probe")
            }
            _ => continue,
        };
        let message = format!("{} has {what}", container.display());
        out.report(node.span(), message).field(format!("{}.{PERIOD}", probe.kind.field()));
    }
}

const PERIOD: &str = "terminationGracePeriodSeconds";

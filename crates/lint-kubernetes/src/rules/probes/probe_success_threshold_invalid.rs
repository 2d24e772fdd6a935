use careen_kube_model::{Container, ProbeKind, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::probe_noun;

rule! {
    /// The API server refuses a liveness or startup probe whose `successThreshold` is not 1: only
    /// readiness can ask for several successes in a row. There is no case in which this is right.
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
    ///         livenessProbe:
    ///           httpGet: {path: /alive, port: 8080}
    ///           successThreshold: 2
    /// #                           ^ container `web` in Deployment `shop/api` has a liveness probe with a success threshold of 2
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
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    ///           successThreshold: 2
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-success-threshold-invalid",
        summary: "liveness or startup probe asks for several successes",
        remedy: "Remove `successThreshold`, which must be 1 there.",
        severity: High,
        check: Check::Container(check),
        controls: &[control::HEALTH_PROBES, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes"],
        fragments: true,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for probe in container.probes() {
        let threshold = probe.success_threshold();
        let is_allowed = threshold == 1 || (probe.kind == ProbeKind::Readiness && threshold > 0);
        let Some(node) = field(probe.node, THRESHOLD).filter(|_| !is_allowed) else { continue };
        let message = format!(
            "{} has a {} probe with a success threshold of {threshold}",
            container.display(),
            probe_noun(probe.kind)
        );
        out.report(node.span(), message).field(format!("{}.{THRESHOLD}", probe.kind.field()));
    }
}

const THRESHOLD: &str = "successThreshold";

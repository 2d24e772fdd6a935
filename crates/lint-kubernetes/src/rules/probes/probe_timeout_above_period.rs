use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::probe_noun;

rule! {
    /// A probe runs one attempt at a time. Where an attempt may last longer than the period,
    /// attempts that time out push the next ones back, and the container is found broken much
    /// later than `failureThreshold` times `periodSeconds`.
    ///
    /// A timeout equal to the period is fine.
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
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    ///           periodSeconds: 5
    ///           timeoutSeconds: 30
    /// #                         ^^ container `web` in Deployment `shop/api` has a readiness probe that waits up to 30 s in a period of 5 s
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
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    ///           periodSeconds: 5
    ///           timeoutSeconds: 5
    /// ```
    pub(crate) static RULE: Check = {
        id: "probe-timeout-above-period",
        summary: "probe waits longer than its period",
        remedy: "Set `timeoutSeconds` to at most `periodSeconds`.",
        severity: Low,
        check: Check::Container(check),
        controls: &[control::HEALTH_PROBES],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for probe in container.probes() {
        let (timeout, period) = (probe.timeout(), probe.period());
        if timeout <= period {
            continue;
        }
        // A period is at least a second and so is the default timeout: the timeout is written.
        let Some(node) = field(probe.node, "timeoutSeconds") else { continue };
        let message = format!(
            "{} has a {} probe that waits up to {timeout} s in a period of {period} s",
            container.display(),
            probe_noun(probe.kind)
        );
        let path = format!("{}.timeoutSeconds", probe.kind.field());
        out.report(node.span(), message).field(path);
    }
}

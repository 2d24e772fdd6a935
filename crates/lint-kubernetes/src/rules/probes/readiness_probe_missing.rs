use careen_kube_model::{Container, ProbeKind, Workload, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::usage::stays;

rule! {
    /// Without a readiness probe a pod counts as ready the moment its process starts. Each
    /// rollout sends requests to pods that are still loading, and goes on to the next pod without
    /// knowing whether this one works.
    ///
    /// Init containers and the pods of Jobs need none and are left out, and so are Knative
    /// Services, which bring their own. A worker that nobody calls still profits: its rollout
    /// stops when it does not become ready. It weighs less there.
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
    /// #             ^^^ container `web` in Deployment `shop/api` has no readiness probe
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
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "readiness-probe-missing",
        summary: "long-running container has no readiness probe",
        remedy: "Add a `readinessProbe` that succeeds once the container can serve.",
        severity: Medium,
        check: Check::Container(check),
        peers: &[
            "kube-linter:no-readiness-probe",
            "kube-score:pod-probes",
            "polaris:readinessProbeMissing",
            "checkov:CKV_K8S_9",
            "kubescape:C-0018",
            "kics:readiness_probe_is_not_configured",
            "popeye:102",
            "popeye:104",
        ],
        controls: &[control::HEALTH_PROBES],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let has_its_own = container.probe(ProbeKind::Readiness).is_some()
        || container.pod.workload == Workload::KnativeService;
    if !has_its_own && stays(container) {
        let message = format!("{} has no readiness probe", container.display());
        let finding = out.report(container.name_span, message).field("readinessProbe");
        if !serves(container) {
            finding.severity(Severity::Low);
        }
    }
}

/// Whether the container says that it listens, by its ports or by a probe that asks one.
fn serves(container: Container<'_>) -> bool {
    let mut probes = container.probes();
    container.ports().next().is_some()
        || probes.any(|probe| {
            ["httpGet", "tcpSocket", "grpc"].iter().any(|key| field(probe.node, key).is_some())
        })
}

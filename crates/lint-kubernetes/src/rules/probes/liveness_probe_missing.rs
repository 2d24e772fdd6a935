use careen_kube_model::{Container, ProbeKind};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::stays;

rule! {
    /// A process that hangs without ending is restarted by nobody unless a liveness probe
    /// notices. Make the probe ask for something that the process can always answer by itself: a
    /// probe that asks a database restarts every pod when the database is slow.
    ///
    /// It is fine without one where the process ends by itself whenever it cannot go on. Init
    /// containers and the pods of Jobs need none and are left out.
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
    /// #             ^^^ container `web` in Deployment `shop/api` has no liveness probe
    ///         image: registry.example.com/web:1.4.0
    ///         readinessProbe:
    ///           httpGet: {path: /ready, port: 8080}
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
    ///           httpGet: {path: /alive, port: 8080}
    /// ```
    pub(crate) static RULE: Check = {
        id: "liveness-probe-missing",
        summary: "long-running container has no liveness probe",
        remedy: "Add a `livenessProbe` that fails when only a restart helps.",
        severity: Low,
        check: Check::Container(check),
        peers: &[
            "kube-linter:no-liveness-probe",
            "kube-score:pod-probes",
            "polaris:livenessProbeMissing",
            "checkov:CKV_K8S_8",
            "kubescape:C-0056",
            "kics:liveness_probe_is_not_defined",
            "popeye:102",
            "popeye:103",
        ],
        controls: &[control::HEALTH_PROBES],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.probe(ProbeKind::Liveness).is_none() && stays(container) {
        let message = format!("{} has no liveness probe", container.display());
        out.report(container.name_span, message).field("livenessProbe");
    }
}

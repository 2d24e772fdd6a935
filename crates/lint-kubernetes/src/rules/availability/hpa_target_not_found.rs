use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, Scalers};

/// The kinds that are looked for; a scaler may have a target of any kind.
const KINDS: [(&str, &str); 7] = [
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "ReplicaSet"),
    ("extensions", "Deployment"),
    ("", "ReplicationController"),
    ("apps.openshift.io", "DeploymentConfig"),
    ("argoproj.io", "Rollout"),
];

rule! {
    /// An autoscaler whose target does not exist scales nothing, and the workload stays at its
    /// size under load. Usually the workload was renamed. It is fine where the workload comes from
    /// a chart or from another repository; a repository without any workload of that kind is not
    /// judged.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: website
    /// #         ^^^^^^^ HorizontalPodAutoscaler `web` scales Deployment `website`, which is not in the repository
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: web
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-target-not-found",
        summary: "autoscaler scales a workload that does not exist",
        remedy: "Name the workload in `scaleTargetRef`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["hpa-target-missing"],
        peers: &[
            "kube-linter:dangling-horizontalpodautoscaler",
            "kube-score:horizontalpodautoscaler-has-target",
            "kubescape:C-0300",
            "kics:hpa_targets_invalid_object",
            "popeye:600",
        ],
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let scalers = Scalers::of(snapshot);
    if scalers.iter().next().is_none() {
        return;
    }
    let names = Names::of(snapshot, &KINDS);
    for scaler in scalers.iter() {
        let (kind, name) = (scaler.kind, scaler.name);
        let view = scaler.object.view;
        let is_looked_for = KINDS.iter().any(|(_, known)| *known == kind);
        if !is_looked_for
            || snapshot.of_kind(kind).next().is_none()
            || names.has(kind, view.namespace(), name)
        {
            continue;
        }
        let message =
            format!("{} scales {kind} `{name}`, which is not in the repository", view.display());
        out.report(scaler.object.source(), scaler.node.span(), message)
            .object(scaler.object.path())
            .field("spec.scaleTargetRef.name")
            .evidence(format!("{kind}/{name}"));
    }
}

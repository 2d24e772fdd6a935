use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Scalers, Workloads};

rule! {
    /// Every time the manifest is applied, the workload is set to the written number of replicas,
    /// and the autoscaler has to find its way back. Under load that takes away most of the
    /// capacity at the moment of a release.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 2
    /// #           ^ Deployment `web` sets `replicas`, which HorizontalPodAutoscaler `web` manages
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ```
    /// ```yaml good
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
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-workload-has-replicas",
        summary: "autoscaled workload also sets its number of replicas",
        remedy: "Remove `replicas` from the workload.",
        severity: Low,
        check: Check::Snapshot(check),
        aliases: &["hpa-and-replicas"],
        peers: &[
            "kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured",
            "kics:hpa_targeted_deployments_with_configured_replica_count",
        ],
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let scalers = Scalers::of(snapshot);
    if scalers.iter().next().is_none() {
        return;
    }
    for &workload in Workloads::of(snapshot).iter() {
        let Some(node) = workload.pod.replicas() else { continue };
        let Some(scaler) = scalers.for_workload(workload) else { continue };
        let scaler = scaler.object;
        let message = format!(
            "{} sets `replicas`, which {} manages",
            workload.object.view.display(),
            scaler.view.display()
        );
        out.report(workload.object.source(), node.span(), message)
            .object(workload.object.path())
            .field("spec.replicas")
            .related(scaler.source(), scaler.view.name_span(), "this scales it");
    }
}

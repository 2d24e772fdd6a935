use careen_kube_model::{ObjectView, Workload};
use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::keepers::Keepers;
use crate::progressive::{Guide, guide_of, guides};
use crate::relations::{Scalers, Workloads, text};
use crate::rollout::mounts_claim;
use crate::served;

rule! {
    /// A fixed number of pods is too few in the busiest hour and too many in all others. A
    /// HorizontalPodAutoscaler or a ScaledObject of KEDA follows the load; a
    /// VerticalPodAutoscaler at least follows what a pod needs.
    ///
    /// Deployments and Rollouts that a Service leads to are looked at, but no databases and their
    /// kin, and none that mount a volume claim, which often has one writer. Must be asked for: an
    /// even load needs no autoscaler.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ Deployment `shop/web` serves Service `shop/web` and has no autoscaler
    /// spec:
    ///   replicas: 3
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: keda.sh/v1alpha1
    /// kind: ScaledObject
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   scaleTargetRef: {name: web}
    ///   minReplicaCount: 2
    ///   triggers: [{type: cpu, metricType: Utilization, metadata: {value: "70"}}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "autoscaler-missing",
        summary: "workload that serves has no autoscaler",
        remedy: "Add a HorizontalPodAutoscaler or a ScaledObject for it.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let Some(served) = served::services(snapshot, &workloads) else { return };
    let scalers = Scalers::of(snapshot);
    let guides: Vec<Guide<'_>> = guides(snapshot).collect();
    let stores = Keepers::of(snapshot);
    for (workload, service) in workloads.iter().zip(served) {
        let Some(service) = service else { continue };
        let view = workload.object.view;
        let scales = matches!(workload.pod.workload, Workload::Deployment | Workload::Rollout);
        // What a Rollout takes its pods from is scaled by the Rollout.
        let guide = guide_of(&guides, view);
        let is_guided = guide.is_some_and(|guide| guide.object.view.kind() == "Rollout");
        if !scales
            || is_guided
            || mounts_claim(workload.pod)
            || scalers.for_workload(*workload).is_some()
            || is_sized(snapshot, view)
            || stores.has(view)
        {
            continue;
        }
        let message =
            format!("{} serves {} and has no autoscaler", view.display(), service.view.display());
        out.report(workload.object.source(), view.name_span(), message)
            .object(workload.object.path());
    }
}

/// Whether a VerticalPodAutoscaler that acts takes care of a workload.
fn is_sized(snapshot: &Snapshot, workload: ObjectView<'_>) -> bool {
    snapshot.of_kind("VerticalPodAutoscaler").any(|scaler| {
        let view = scaler.view;
        let target = view.at(&["spec", "targetRef"]);
        let mode = view.at(&["spec", "updatePolicy", "updateMode"]).and_then(|node| node.text());
        view.group() == "autoscaling.k8s.io"
            && mode != Some("Off")
            && namespaces_agree(view.namespace(), workload.namespace())
            && target.is_some_and(|target| {
                text(target, "kind") == Some(workload.kind())
                    && text(target, "name") == Some(workload.name())
            })
    })
}

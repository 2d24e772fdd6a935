use careen_kube_model::{PodTemplate, path};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::relations::{Scalers, Workloads};

/// Metrics of one autoscaler that are looked at; there are a handful.
const METRICS: usize = 100;
/// Patches of one workload that are looked at; overlays make a handful.
const PATCHES: usize = 50;
/// Containers that meshes inject.
const INJECTED: [&str; 3] = ["istio-proxy", "linkerd-proxy", "consul-dataplane"];

rule! {
    /// A metric of type `ContainerResource` names the container it looks at. Where the pod has none
    /// of that name, the metric is never there, and the autoscaler does not scale down any more, or
    /// not at all. Usually the container was renamed.
    ///
    /// Containers that something injects later are not in the manifest, and a patch of the workload
    /// may bring them.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    ///   metrics:
    ///   - type: ContainerResource
    ///     containerResource:
    ///       name: cpu
    ///       container: app
    /// #                ^^^ HorizontalPodAutoscaler `shop/api` works with container `app`, which Deployment `shop/api` does not have
    ///       target: {type: Utilization, averageUtilization: 70}
    /// ---
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
    ///         resources: {requests: {cpu: 250m}}
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    ///   metrics:
    ///   - type: ContainerResource
    ///     containerResource:
    ///       name: cpu
    ///       container: web
    ///       target: {type: Utilization, averageUtilization: 70}
    /// ---
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
    ///         resources: {requests: {cpu: 250m}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-container-not-found",
        summary: "autoscaler works with a container that the pod does not have",
        remedy: "Correct the name of the container.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let names_container = |object: ObjectRef<'_>| containers(object).next().is_some();
    if !snapshot.of_kind("HorizontalPodAutoscaler").any(names_container) {
        return;
    }
    let scalers = Scalers::of(snapshot);
    let workloads = Workloads::of(snapshot);
    for &workload in workloads.iter() {
        let Some(scaler) = scalers.for_workload(workload).map(|scaler| scaler.object) else {
            continue;
        };
        for node in containers(scaler) {
            let Some(wanted) = node.text() else { continue };
            let patches = workloads.patches(workload).into_iter().take(PATCHES);
            let is_there = std::iter::once(workload.pod)
                .chain(patches)
                .flat_map(PodTemplate::containers)
                .any(|container| container.name == wanted);
            if is_there || INJECTED.contains(&wanted) || is_placeholder(wanted) {
                continue;
            }
            let message = format!(
                "{} works with container `{}`, which {} does not have",
                scaler.view.display(),
                cut(wanted),
                workload.object.view.display()
            );
            out.report(scaler.source(), node.span(), message)
                .object(scaler.path())
                .evidence(wanted)
                .related(
                    workload.object.source(),
                    workload.object.view.name_span(),
                    "the workload",
                );
        }
    }
}

fn containers(scaler: ObjectRef<'_>) -> impl Iterator<Item = Node<'_>> {
    let metrics = scaler.view.at(&["spec", "metrics"]);
    let metrics = metrics.into_iter().flat_map(|list| list.items()).take(METRICS);
    metrics.filter_map(|metric| path(metric, &["containerResource", "container"]))
}

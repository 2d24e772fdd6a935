use careen_kube_model::{Container, field};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;
use careen_yaml::Node;

use crate::Check;
use crate::relations::{RELATED, Scalers, Workloads, text};

rule! {
    /// Utilisation is a percentage of the request. Where one container of the pod has no request
    /// for the resource, the autoscaler cannot compute it and does nothing: the workload stays at
    /// its size under load. Requests that come from a LimitRange or from an overlay in the
    /// repository count.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    ///   metrics:
    ///   - type: Resource
    ///     resource:
    ///       name: cpu
    /// #           ^^^ HorizontalPodAutoscaler `web` scales on `cpu` utilisation, and container `web` in Deployment `web` has no `cpu` request
    ///       target: {type: Utilization, averageUtilization: 70}
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
    ///         resources:
    ///           requests: {memory: 256Mi}
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    ///   metrics:
    ///   - type: Resource
    ///     resource:
    ///       name: cpu
    ///       target: {type: Utilization, averageUtilization: 70}
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
    ///         resources:
    ///           requests: {cpu: 250m, memory: 256Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-request-missing",
        summary: "autoscaler works with a request that a container lacks",
        remedy: "Give every container of the pod a request for the resource that is scaled on.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        aliases: &["hpa-without-request"],
        controls: &[control::AUTOSCALING, control::RESOURCE_LIMITS],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics"],
    }
}

/// A resource whose utilisation is scaled on.
struct Metric<'a> {
    resource: &'a str,
    /// The one container that counts, else all do.
    container: Option<&'a str>,
    place: Span,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let scalers = Scalers::of(snapshot);
    if scalers.iter().next().is_none() {
        return;
    }
    let workloads = Workloads::of(snapshot);
    for &workload in workloads.iter() {
        let Some(scaler) = scalers.for_workload(workload).map(|scaler| scaler.object) else {
            continue;
        };
        for metric in metrics(scaler) {
            let resource = metric.resource;
            let lacking: Vec<Container<'_>> = workload
                .pod
                .containers()
                .filter(|container| {
                    container.is_long_running()
                        && metric.container.is_none_or(|name| name == container.name)
                        && container.effective_request(resource).is_none()
                        && !workloads.is_requested_by_patch(*container, resource)
                })
                .collect();
            let Some(first) = lacking.first() else { continue };
            let pod_has = workload.pod.field("resources").is_some_and(|own| {
                ["requests", "limits"].iter().any(|list| {
                    field(own, list).is_some_and(|list| field(list, resource).is_some())
                })
            });
            if pod_has || has_default(snapshot, workload.object.view.namespace(), resource) {
                continue;
            }
            let message = format!(
                "{} scales on `{resource}` utilisation, and {} has no `{resource}` request",
                scaler.view.display(),
                first.display()
            );
            let finding = out.report(scaler.source(), metric.place, message);
            finding.object(scaler.path()).evidence(resource);
            for container in lacking.iter().take(RELATED) {
                let message = format!("{} has no `{resource}` request", container.display());
                finding.related(workload.object.source(), container.name_span, message);
            }
        }
    }
}

fn metrics(scaler: ObjectRef<'_>) -> Vec<Metric<'_>> {
    let view = scaler.view;
    if view.kind() != "HorizontalPodAutoscaler" {
        return Vec::new();
    }
    if let Some(node) = view.at(&["spec", "targetCPUUtilizationPercentage"]) {
        return vec![Metric { resource: "cpu", container: None, place: node.span() }];
    }
    let Some(list) = view.at(&["spec", "metrics"]) else {
        // Without metrics, the API server scales on 80 % of the CPU request.
        return vec![Metric { resource: "cpu", container: None, place: view.name_span() }];
    };
    list.items().filter_map(metric).collect()
}

fn metric(node: Node<'_>) -> Option<Metric<'_>> {
    let own = match text(node, "type")? {
        "Resource" => field(node, "resource")?,
        "ContainerResource" => field(node, "containerResource")?,
        _ => return None,
    };
    let is_utilisation = field(own, "targetAverageUtilization").is_some()
        || field(own, "target").is_some_and(|target| field(target, "averageUtilization").is_some());
    let name = field(own, "name")?;
    let resource = name.text().filter(|name| matches!(*name, "cpu" | "memory"))?;
    is_utilisation.then(|| Metric {
        resource,
        container: text(own, "container"),
        place: name.span(),
    })
}

/// Whether a LimitRange gives containers a request for the resource.
fn has_default(snapshot: &Snapshot, namespace: Option<&str>, resource: &str) -> bool {
    snapshot
        .of_kind("LimitRange")
        .filter(|range| namespaces_agree(range.view.namespace(), namespace))
        .filter_map(|range| range.view.at(&["spec", "limits"]))
        .flat_map(|limits| limits.items())
        .flat_map(|limit| [field(limit, "defaultRequest"), field(limit, "default")])
        .flatten()
        .any(|defaults| field(defaults, resource).is_some())
}

use std::collections::HashMap;

use careen_kube_model::{field, path, strings};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::relations::{Scalers, text};

rule! {
    /// Utilisation is a percentage of the request. A VerticalPodAutoscaler that raises the request
    /// lowers the utilisation, upon which the HorizontalPodAutoscaler takes pods away, upon which
    /// the rest needs more: the two chase each other and restart pods all the time. It is fine
    /// where the vertical one only recommends, and where one of them works with CPU and the other
    /// one with memory or a metric of the application.
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
    ///   maxReplicas: 9
    ///   metrics:
    ///   - type: Resource
    ///     resource:
    ///       name: cpu
    ///       target: {type: Utilization, averageUtilization: 70}
    /// ---
    /// apiVersion: autoscaling.k8s.io/v1
    /// kind: VerticalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   targetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    /// #                                                          ^^^ VerticalPodAutoscaler `shop/api` sets the `cpu` requests of Deployment `api`, whose `cpu` utilisation HorizontalPodAutoscaler `shop/api` scales on
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
    ///   maxReplicas: 9
    ///   metrics:
    ///   - type: Resource
    ///     resource:
    ///       name: cpu
    ///       target: {type: Utilization, averageUtilization: 70}
    /// ---
    /// apiVersion: autoscaling.k8s.io/v1
    /// kind: VerticalPodAutoscaler
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   targetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   resourcePolicy:
    ///     containerPolicies:
    ///     - containerName: "*"
    ///       controlledResources: [memory]
    /// ```
    pub(crate) static RULE: Check = {
        id: "hpa-vpa-conflict",
        summary: "workload is scaled up and out by the same resource",
        remedy: "Set `updateMode` to `Off`, or let the two work with different resources.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut vertical = snapshot
        .of_kind("VerticalPodAutoscaler")
        .filter(|object| object.view.group() == "autoscaling.k8s.io")
        .peekable();
    if vertical.peek().is_none() {
        return;
    }
    let scalers = Scalers::of(snapshot);
    let mut by_target: HashMap<(&str, &str), Vec<ObjectRef<'_>>> = HashMap::new();
    for scaler in scalers.iter() {
        if scaler.object.view.kind() == "HorizontalPodAutoscaler" {
            by_target.entry((scaler.kind, scaler.name)).or_default().push(scaler.object);
        }
    }
    for object in vertical {
        let view = object.view;
        let Some(node) = view.at(&["spec", "targetRef", "name"]) else { continue };
        let Some(kind) = view.at(&["spec", "targetRef", "kind"]).and_then(|kind| kind.text())
        else {
            continue;
        };
        let Some(name) = node.text() else { continue };
        let mode = view.at(&["spec", "updatePolicy", "updateMode"]).and_then(|mode| mode.text());
        if matches!(mode, Some("Off" | "Initial")) {
            continue;
        }
        let horizontal = by_target.get(&(kind, name)).into_iter().flatten().take(SCALERS);
        let mut horizontal =
            horizontal.filter(|other| namespaces_agree(other.view.namespace(), view.namespace()));
        let shared = horizontal.find_map(|other| {
            let resource = scaled_on(*other).find(|resource| sets(object, resource))?;
            Some((other, resource))
        });
        let Some((other, resource)) = shared else { continue };
        let message = format!(
            "{} sets the `{resource}` requests of {} `{}`, whose `{resource}` utilisation {} \
             scales on",
            view.display(),
            cut(kind),
            cut(name),
            other.view.display()
        );
        out.report(object.source(), node.span(), message)
            .object(object.path())
            .evidence(resource)
            .related(other.source(), other.view.name_span(), "scales on it");
    }
}

/// Autoscalers of one target that are compared.
const SCALERS: usize = 20;
/// Metrics and policies of one autoscaler that are looked at; there are a handful.
const ENTRIES: usize = 100;

/// The resources whose utilisation an autoscaler works with.
fn scaled_on(scaler: ObjectRef<'_>) -> impl Iterator<Item = &str> {
    let metrics = scaler.view.at(&["spec", "metrics"]);
    // Without metrics it is CPU.
    let default = metrics.is_none().then_some("cpu");
    let metrics = metrics.into_iter().flat_map(|list| list.items()).take(ENTRIES);
    default.into_iter().chain(metrics.filter_map(|metric| {
        let own = field(metric, "resource").or_else(|| field(metric, "containerResource"))?;
        let utilisation = path(own, &["target", "averageUtilization"]);
        utilisation.or_else(|| field(own, "targetAverageUtilization"))?;
        text(own, "name")
    }))
}

/// Whether a vertical autoscaler sets requests for a resource, of any container.
fn sets(scaler: ObjectRef<'_>, resource: &str) -> bool {
    let policies = scaler.view.at(&["spec", "resourcePolicy", "containerPolicies"]);
    let mut policies = policies.into_iter().flat_map(|list| list.items()).take(ENTRIES).peekable();
    policies.peek().is_none()
        || policies.any(|policy| {
            let controlled = field(policy, "controlledResources");
            text(policy, "mode") != Some("Off")
                && text(policy, "controlledValues") != Some("LimitsOnly")
                && controlled.is_none_or(|list| strings(list).any(|(name, _)| name == resource))
        })
}

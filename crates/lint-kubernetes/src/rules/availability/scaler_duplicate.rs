use std::collections::HashMap;

use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::relations::Scalers;

/// Lets KEDA take over an autoscaler that is there.
const TAKES_OVER: &str = "scaledobject.keda.sh/transfer-hpa-ownership";
/// Autoscalers of one target that are compared.
const COMPARED: usize = 20;

rule! {
    /// Each of two autoscalers sets the number of replicas it thinks right, and the other one sets
    /// it back: the workload swings between the two, and pods come and go all the time. A KEDA
    /// ScaledObject is one of them, since it makes an autoscaler. One autoscaler may have several
    /// metrics and takes the largest outcome.
    ///
    /// Autoscalers of one kind and name are taken for versions of the same one, as bases and
    /// overlays have them.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api-cpu
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: api-memory
    ///   namespace: shop
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
    /// #                                                               ^^^ HorizontalPodAutoscaler `shop/api-memory` scales Deployment `api`, as HorizontalPodAutoscaler `shop/api-cpu` does
    ///   minReplicas: 2
    ///   maxReplicas: 9
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
    /// ```
    pub(crate) static RULE: Check = {
        id: "scaler-duplicate",
        summary: "two autoscalers scale one workload",
        remedy: "Put the metrics of both into one autoscaler.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::AUTOSCALING],
        references: &["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let scalers = Scalers::of(snapshot);
    let mut known: HashMap<(&str, &str), Vec<ObjectRef<'_>>> = HashMap::new();
    for scaler in scalers.iter() {
        let object = scaler.object;
        if object.view.annotations().has(TAKES_OVER) {
            continue;
        }
        let others = known.entry((scaler.kind, scaler.name)).or_default();
        let other = others.iter().find(|other| {
            namespaces_agree(other.view.namespace(), object.view.namespace())
                && (other.view.kind(), other.view.name())
                    != (object.view.kind(), object.view.name())
        });
        if let Some(other) = other {
            let message = format!(
                "{} scales {} `{}`, as {} does",
                object.view.display(),
                cut(scaler.kind),
                cut(scaler.name),
                other.view.display()
            );
            out.report(object.source(), scaler.node.span(), message)
                .object(object.path())
                .evidence(other.view.name())
                .related(other.source(), other.view.name_span(), "the other autoscaler");
        }
        if others.len() < COMPARED {
            others.push(object);
        }
    }
}

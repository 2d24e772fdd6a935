use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Scalers, Workloads};

rule! {
    /// A workload with no replicas does nothing. It is right for something that is switched on by
    /// hand or by an overlay, and an outage where somebody scaled it down during an incident and
    /// forgot it. The rule lists them for a review and is off unless it is asked for. Workloads
    /// that KEDA scales from zero, and those that a Kustomization or patch scales up, are left out.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 0
    /// #           ^ Deployment `shop/api` has no replicas
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 2
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "replicas-zero",
        summary: "workload is scaled to zero",
        remedy: "Set `replicas` to what is needed, or delete the workload.",
        severity: Info,
        check: Check::Snapshot(check),
        peers: &["popeye:500"],
        controls: &[control::AVAILABILITY, control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas"],
        default: false,
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let mut scalers = None;
    for &workload in workloads.iter() {
        let Some(node) = workload.pod.replicas().filter(|node| node.as_i64() == Some(0)) else {
            continue;
        };
        let scalers = scalers.get_or_insert_with(|| Scalers::of(snapshot));
        let is_scaled = scalers
            .for_workload(workload)
            .is_some_and(|scaler| scaler.object.view.kind() == "ScaledObject");
        if is_scaled || workloads.replicas(workload) != Some(0) {
            continue;
        }
        let message = format!("{} has no replicas", workload.object.view.display());
        out.report(workload.object.source(), node.span(), message)
            .object(workload.object.path())
            .field("spec.replicas");
    }
}

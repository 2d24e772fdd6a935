use careen_kube_model::Workload;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::relations::{Scalers, Workloads};
use crate::{Check, rollout};

rule! {
    /// `maxUnavailable` says how many of the pods a rolling update may take away before new ones
    /// are ready. Where that is all of them, a release is an outage like with `Recreate`, and
    /// longer where the new version does not start. Replicas that an overlay or autoscaler sets are
    /// taken into account; workloads with a single pod are left out.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   strategy:
    ///     rollingUpdate:
    ///       maxUnavailable: 3
    /// #                     ^ Deployment `shop/api` may take away all 3 pods in an update
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
    ///   replicas: 3
    ///   strategy:
    ///     rollingUpdate:
    ///       maxUnavailable: 1
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
        id: "rolling-update-takes-all-down",
        summary: "rolling update may take all pods away at once",
        remedy: "Lower `maxUnavailable`, best to 0 or 1, and let `maxSurge` add pods.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::AVAILABILITY, control::CANARY_STRATEGY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let takes = |strategy: Node<'_>| rollout::Rolling::of(Some(strategy)).unavailable.is_some();
    if !rollout::any_strategy(snapshot, takes) {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let mut scalers = None;
    for &workload in workloads.iter() {
        let Some(strategy) = rollout::strategy_of(workload.pod) else { continue };
        let Some(most) = rollout::Rolling::of(Some(strategy)).unavailable else { continue };
        let is_all = most.value.percent().is_some_and(|percent| percent >= 100);
        let what = match workload.pod.workload {
            Workload::DaemonSet if is_all => "all pods".to_owned(),
            Workload::DaemonSet => continue,
            _ => {
                let scalers = scalers.get_or_insert_with(|| Scalers::of(snapshot));
                let least = scalers.for_workload(workload).map_or(0, |scaler| scaler.min());
                let count = workloads.replicas(workload).unwrap_or(1).max(least);
                let taken = most.value.scaled(count, false);
                if count < 2 || taken.is_none_or(|taken| taken < count) {
                    continue;
                }
                format!("all {count} pods")
            }
        };
        let view = workload.object.view;
        let message = format!("{} may take away {what} in an update", view.display());
        out.report(workload.object.source(), most.node.span(), message)
            .object(workload.object.path());
    }
}

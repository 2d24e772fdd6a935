use careen_kube_model::{Workload, path};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::relations::Workloads;
use crate::{Check, rollout};

rule! {
    /// An update of a StatefulSet reaches the pods from the partition up. With a partition of no
    /// less than the replicas it reaches none: a new image or setting is accepted and never runs.
    /// This is meant as the first step of a staged update, and left in a manifest it stops all of
    /// them.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   updateStrategy:
    ///     rollingUpdate: {partition: 3}
    /// #                              ^ StatefulSet `shop/db` updates its pods from number 3 on, and the last of its 3 is 2
    ///   selector:
    ///     matchLabels: {app: db}
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    ///     spec:
    ///       containers:
    ///       - name: db
    ///         image: registry.example.com/db:16.4
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// spec:
    ///   replicas: 3
    ///   updateStrategy:
    ///     rollingUpdate: {partition: 2}
    ///   selector:
    ///     matchLabels: {app: db}
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    ///     spec:
    ///       containers:
    ///       - name: db
    ///         image: registry.example.com/db:16.4
    /// ```
    pub(crate) static RULE: Check = {
        id: "statefulset-partition-blocks",
        summary: "stateful set updates none of its pods",
        remedy: "Lower the partition below the number of replicas, or remove it.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::CANARY_STRATEGY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let is_parted = |strategy: Node<'_>| path(strategy, &["rollingUpdate", "partition"]).is_some();
    if !rollout::any_strategy(snapshot, is_parted) {
        return;
    }
    let workloads = Workloads::of(snapshot);
    for &workload in workloads.iter() {
        if workload.pod.workload != Workload::StatefulSet {
            continue;
        }
        let view = workload.object.view;
        let partition = view.at(&["spec", "updateStrategy", "rollingUpdate", "partition"]);
        let Some(node) = partition else { continue };
        let Some(partition) = node.as_i64().filter(|partition| *partition > 0) else { continue };
        // Ordinals may start elsewhere than at 0.
        let start = view.at(&["spec", "ordinals", "start"]).and_then(|node| node.as_i64());
        let start = start.unwrap_or(0);
        let Some(count) = workloads.replicas(workload).filter(|count| *count > 0) else { continue };
        if partition < start.saturating_add(count) {
            continue;
        }
        let message = format!(
            "{} updates its pods from number {partition} on, and the last of its {count} is {}",
            view.display(),
            start.saturating_add(count - 1)
        );
        out.report(workload.object.source(), node.span(), message)
            .object(workload.object.path())
            .field("spec.updateStrategy.rollingUpdate.partition");
    }
}

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::relations::{Scalers, Workloads};
use crate::{Check, rollout};

rule! {
    /// With `Recreate` every release is an outage: all pods are ended before the first new one
    /// starts, and a version that does not start leaves none. With `OnDelete` a release changes
    /// nothing until somebody deletes the pods.
    ///
    /// `Recreate` is right where two versions must never run at once, as with a single pod on a
    /// disk that one node can mount; such pods are left out.
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
    ///     type: Recreate
    /// #         ^^^^^^^^ Deployment `shop/api` ends all 3 pods before it starts new ones
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
    ///     type: RollingUpdate
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
        id: "rolling-update-strategy-missing",
        summary: "workload is not updated pod by pod",
        remedy: "Use `type: RollingUpdate`.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["kube-linter:no-rolling-update-strategy", "kube-score:deployment-strategy", "kubescape:C-0305"],
        controls: &[control::AVAILABILITY, control::CANARY_STRATEGY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let is_other = |strategy: Node<'_>| {
        rollout::type_of(strategy).is_some_and(|(kind, _)| kind != "RollingUpdate")
    };
    if !rollout::any_strategy(snapshot, is_other) {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let mut scalers = None;
    for &workload in workloads.iter() {
        let Some(strategy) = rollout::strategy_of(workload.pod) else { continue };
        let Some((kind, node)) = rollout::type_of(strategy) else { continue };
        let view = workload.object.view;
        let (message, severity) = match kind {
            "Recreate" => {
                let scalers = scalers.get_or_insert_with(|| Scalers::of(snapshot));
                let least = scalers.for_workload(workload).map_or(0, |scaler| scaler.min());
                let count = workloads.replicas(workload).unwrap_or(1).max(least);
                match count {
                    ..=1 if rollout::mounts_claim(workload.pod) => continue,
                    ..=1 => (
                        format!("{} ends its pod before it starts a new one", view.display()),
                        Severity::Info,
                    ),
                    _ => (
                        format!(
                            "{} ends all {count} pods before it starts new ones",
                            view.display()
                        ),
                        Severity::Medium,
                    ),
                }
            }
            "OnDelete" => (
                format!("{} is not updated until its pods are deleted", view.display()),
                Severity::Low,
            ),
            _ => continue,
        };
        out.report(workload.object.source(), node.span(), message)
            .object(workload.object.path())
            .severity(severity);
    }
}

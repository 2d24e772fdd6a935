use careen_kube_model::{Selector, Workload as Kind, field};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Scalers, Workloads};

rule! {
    /// When nodes are drained for an upgrade, pods are evicted one node after the other, and
    /// nothing but a PodDisruptionBudget keeps all replicas from being evicted together. Several
    /// replicas without a budget survive the loss of a node but not its maintenance. A workload
    /// with one replica is left alone: a budget would only block the drain.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// #       ^^^ Deployment `web` runs 3 replicas and no PodDisruptionBudget selects them
    /// spec:
    ///   replicas: 3
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
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
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pdb-missing",
        summary: "replicated workload has no disruption budget",
        remedy: "Add a PodDisruptionBudget with `maxUnavailable: 1` that selects the pods.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &[
            "kube-score:deployment-has-poddisruptionbudget",
            "kube-score:statefulset-has-poddisruptionbudget",
            "polaris:missingPodDisruptionBudget",
            "kics:deployment_without_pod_disruption_budget",
            "kics:statefulset_without_pod_disruption_budget",
            "popeye:206",
        ],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let scalers = Scalers::of(snapshot);
    let mut covered = vec![false; workloads.iter().len()];
    for budget in snapshot.of_kind("PodDisruptionBudget") {
        let node = budget.view.spec().and_then(|spec| field(spec, "selector"));
        let Some(node) = node else { continue };
        let selector = Selector::label_selector(node);
        let selected = workloads.selected(budget.view.namespace(), &selector);
        let Some(selected) = selected else { return };
        for index in selected {
            if let Some(covered) = covered.get_mut(index) {
                *covered = true;
            }
        }
    }
    for (&workload, covered) in workloads.iter().zip(covered) {
        let counts = matches!(
            workload.pod.workload,
            Kind::Deployment | Kind::StatefulSet | Kind::DeploymentConfig | Kind::Rollout
        );
        if covered || !counts {
            continue;
        }
        let least = scalers.for_workload(workload).map_or(0, |scaler| scaler.min());
        let replicas = workloads.replicas(workload).unwrap_or(0).max(least);
        if replicas < 2 {
            continue;
        }
        let view = workload.object.view;
        let message = format!(
            "{} runs {replicas} replicas and no PodDisruptionBudget selects them",
            view.display()
        );
        out.report(workload.object.source(), view.name_span(), message)
            .object(workload.object.path());
    }
}

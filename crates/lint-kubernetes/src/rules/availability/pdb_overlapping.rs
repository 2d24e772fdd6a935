use careen_kube_model::Selector;
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::Workloads;

rule! {
    /// The eviction of a pod that two budgets select fails with an error, whatever they allow. No
    /// node that runs such a pod can be drained, and upgrading the cluster stops there.
    ///
    /// Budgets of one name are taken for versions of the same budget, as bases and overlays have
    /// them.
    ///
    /// ```yaml bad
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
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: api}
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: everything
    /// #       ^^^^^^^^^^ PodDisruptionBudget `shop/everything` selects the pods of Deployment `shop/api`, as PodDisruptionBudget `shop/api` does
    ///   namespace: shop
    /// spec:
    ///   maxUnavailable: 1
    ///   selector: {}
    /// ```
    /// ```yaml good
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
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: api}
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: worker
    ///   namespace: shop
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: worker}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pdb-overlapping",
        summary: "two disruption budgets select the same pods",
        remedy: "Leave one budget for each pod: narrow the selectors, or delete one.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["popeye:209"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let budgets: Vec<ObjectRef<'_>> = snapshot
        .of_kind("PodDisruptionBudget")
        .filter(|object| object.view.group() == "policy")
        .collect();
    if budgets.len() < 2 {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let list: Vec<_> = workloads.iter().copied().collect();
    // The first budget of each workload; comparing with it alone finds one pair for each.
    let mut first: Vec<Option<ObjectRef<'_>>> = vec![None; list.len()];
    for budget in budgets {
        let view = budget.view;
        let Some(node) = view.at(&["spec", "selector"]) else { continue };
        let selector = Selector::label_selector(node);
        let Some(selected) = workloads.selected(view.namespace(), &selector) else { return };
        let mut told = false;
        for index in selected {
            let (Some(workload), Some(known)) = (list.get(index), first.get_mut(index)) else {
                continue;
            };
            // Each job has pods of its own for a while, and nobody evicts a template.
            if !workload.pod.is_long_running() {
                continue;
            }
            let Some(other) = *known else {
                *known = Some(budget);
                continue;
            };
            let is_same = other.view.name() == view.name()
                || !namespaces_agree(other.view.namespace(), view.namespace());
            if is_same || told {
                continue;
            }
            told = true;
            let message = format!(
                "{} selects the pods of {}, as {} does",
                view.display(),
                workload.object.view.display(),
                other.view.display()
            );
            out.report(budget.source(), view.name_span(), message)
                .object(budget.path())
                .evidence(other.view.name())
                .related(other.source(), other.view.name_span(), "the other budget");
        }
    }
}

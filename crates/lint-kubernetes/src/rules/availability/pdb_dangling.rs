use careen_kube_model::{Selector, field};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Makers, Workloads, pairs, short_span};

rule! {
    /// A PodDisruptionBudget whose selector matches no pod protects nothing: when a node is
    /// drained, all replicas may go at once. Usually a label was renamed in the workload. It is
    /// fine where the pods come from an operator or from another repository.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels:
    ///       app: webb
    /// #     ^^^^^^^^^ PodDisruptionBudget `web` selects no pod of the repository: none has `app: webb`
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels:
    ///       app: web
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "pdb-dangling",
        summary: "disruption budget selects no pod of the repository",
        remedy: "Make the selector match the labels of the pods it is for, or delete the budget.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["popeye:900"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut budgets = snapshot.of_kind("PodDisruptionBudget").peekable();
    if budgets.peek().is_none() {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let mut makers = None;
    for budget in budgets {
        let view = budget.view;
        let Some(node) = view.spec().and_then(|spec| field(spec, "selector")) else { continue };
        let selector = Selector::label_selector(node);
        if selector.is_empty() || !workloads.any_in(view.namespace()) {
            continue;
        }
        let Some(selected) = workloads.selected(view.namespace(), &selector) else { return };
        if !selected.is_empty() || workloads.is_patched_to_match(view.namespace(), &selector) {
            continue;
        }
        let labels = field(node, "matchLabels");
        let labels = labels.filter(|labels| labels.entries().next().is_some());
        let mut message = format!("{} selects no pod of the repository", view.display());
        if selector.equalities().next().is_some() {
            message = format!("{message}: none has {}", pairs(selector.equalities()));
        }
        let finding = out.report(budget.source(), short_span(labels.unwrap_or(node)), message);
        finding.object(budget.path()).field("spec.selector");
        let closest = workloads.meant(view.namespace(), view.name(), &selector);
        if let Some(closest) = closest.filter(|closest| closest.is_alike(view.name(), &selector)) {
            let name = closest.object.view.display();
            let message = format!("the labels of {name} are the closest");
            finding.related(closest.object.source(), closest.object.view.name_span(), message);
        } else if makers.get_or_insert_with(|| Makers::of(snapshot)).work_in(view.namespace()) {
            finding.severity(Severity::Low).confidence(Confidence::Low);
        }
    }
}

use careen_kube_model::{IntOrString, Selector, field};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{RELATED, Scalers, Workloads};

rule! {
    /// A budget that asks for as many available pods as there are refuses every eviction. Draining
    /// a node, and with it upgrading the cluster, waits for ever, until somebody deletes the pods
    /// by force. For a workload that is scaled automatically this holds while it is at its
    /// minimum. Replicas that an overlay sets are taken into account.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   minAvailable: 2
    /// #               ^ PodDisruptionBudget `web` asks for 2 available pods of 2, so no node
    ///   selector:
    ///     matchLabels: {app: web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 2
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
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   minAvailable: 1
    ///   selector:
    ///     matchLabels: {app: web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 2
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
    pub(crate) static RULE: Check = {
        id: "pdb-min-available-blocks",
        summary: "disruption budget asks for as many pods as there are",
        remedy: "Ask for fewer pods than there are, best with `maxUnavailable: 1`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        aliases: &["pdb-blocks-eviction", "pdb-min-available-exceeds-hpa"],
        peers: &[
            "kube-linter:pdb-min-available",
            "polaris:pdbDisruptionsIsZero",
            "polaris:pdbMinAvailableGreaterThanHPAMinReplicas",
            "popeye:901",
        ],
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
    let scalers = Scalers::of(snapshot);
    for budget in budgets {
        let view = budget.view;
        let Some(node) = view.at(&["spec", "minAvailable"]) else { continue };
        let Some(least) = IntOrString::of(node) else { continue };
        if least.percent().is_some_and(|percent| percent >= 100) {
            let message = format!(
                "{} asks for all pods to be available, so no node that runs one can be drained",
                view.display()
            );
            out.report(budget.source(), node.span(), message)
                .object(budget.path())
                .confidence(Confidence::Certain)
                .field("spec.minAvailable");
            continue;
        }
        let selector = view.spec().and_then(|spec| field(spec, "selector"));
        let Some(selector) = selector.map(Selector::label_selector) else { continue };
        let Some(selected) = workloads.selected_by(view.namespace(), &selector) else { return };
        // Pods of unknown number are enough.
        let mut total = 0_i64;
        let mut is_scaled = false;
        let counted = !selected.is_empty()
            && selected.iter().all(|workload| {
                let scaler = scalers.for_workload(*workload);
                is_scaled |= scaler.is_some();
                let own = scaler.map(|scaler| scaler.min());
                let own = own.or_else(|| workloads.replicas(*workload));
                own.inspect(|own| total = total.saturating_add(*own)).is_some()
            });
        let Some(wanted) = least.scaled(total, true).filter(|wanted| *wanted > 0) else { continue };
        if !counted || total < 1 || wanted < total {
            continue;
        }
        let message = format!(
            "{} asks for {wanted} available pods of {total}, so no node that runs one can be drained",
            view.display()
        );
        let finding = out.report(budget.source(), node.span(), message);
        finding.object(budget.path()).field("spec.minAvailable");
        if is_scaled {
            finding.severity(Severity::Medium);
        }
        for workload in selected.iter().take(RELATED) {
            let own = workload.object.view;
            let place = workload.pod.replicas().map_or_else(|| own.name_span(), |node| node.span());
            let message = format!("{} is selected", own.display());
            finding.related(workload.object.source(), place, message);
        }
    }
}

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Policies, Selects, Workloads, pairs, short_span};

rule! {
    /// A NetworkPolicy whose selector matches no pod protects nothing, and its author believes
    /// that it does. Usually a label was renamed in the workload. It is fine where the pods come
    /// from an operator or from another repository.
    ///
    /// ```yaml bad file=deploy/policy.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels:
    ///       app: webb
    /// #     ^^^^^^^^^ NetworkPolicy `web` selects no pod
    ///   policyTypes: [Ingress, Egress]
    /// ```
    /// ```yaml bad file=deploy/web.yaml
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
    /// ```yaml good file=deploy/policy.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels:
    ///       app: web
    ///   policyTypes: [Ingress, Egress]
    /// ```
    /// ```yaml good file=deploy/web.yaml
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
        id: "network-policy-dangling",
        summary: "network policy selects no pod of the repository",
        remedy: "Make `podSelector` match the labels of the pods it is for, or delete the policy.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &[
            "kube-linter:dangling-networkpolicy",
            "kube-score:networkpolicy-targets-pod",
            "kubescape:C-0299",
            "kics:network_policy_is_not_targeting_any_pod",
            "popeye:1200",
        ],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let policies = Policies::of(snapshot);
    if policies.list.is_empty() {
        return;
    }
    let workloads = Workloads::of(snapshot);
    for policy in &policies.list {
        let Selects::Labels(selector) = &policy.selects else { continue };
        let namespace = if policy.everywhere { None } else { policy.object.view.namespace() };
        if selector.is_empty() || !workloads.any_in(namespace) {
            continue;
        }
        let Some(selected) = workloads.selected(namespace, selector) else { return };
        if !selected.is_empty() {
            continue;
        }
        let view = policy.object.view;
        let node = selector.node();
        let labels = careen_kube_model::field(node, "matchLabels");
        let place =
            short_span(labels.filter(|labels| labels.entries().next().is_some()).unwrap_or(node));
        let mut message = format!("{} selects no pod of the repository", view.display());
        if selector.equalities().next().is_some() {
            message = format!("{message}: none has {}", pairs(selector.equalities()));
        }
        let closest = workloads.meant(namespace, view.name(), selector);
        let finding = out.report(policy.object.source(), place, message);
        finding.object(policy.object.path());
        if let Some(closest) = closest {
            let name = closest.object.view.display();
            let message = format!("the labels of {name} are the closest");
            finding.related(closest.object.source(), closest.object.view.name_span(), message);
        }
    }
}

use std::collections::HashMap;

use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Policies, Policy, Selects};

rule! {
    /// Without a policy that denies by default, a new workload in the namespace is open to the
    /// whole cluster until somebody remembers to write a policy for it. A default deny selects all
    /// pods (`podSelector: {}`) and has no rules. It is fine where the cluster denies by default
    /// with a policy that is not in this repository.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// #       ^^^^ namespace `shop` has no NetworkPolicy that denies ingress and egress by default
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: default-deny
    ///   namespace: shop
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Ingress, Egress]
    /// ```
    pub(crate) static RULE: Check = {
        id: "namespace-default-deny-missing",
        summary: "namespace has no default-deny network policy",
        remedy: "Add a NetworkPolicy with `podSelector: {}`, `policyTypes: [Ingress, Egress]` and no rules.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["namespace-without-network-policy"],
        security: true,
        cwe: &[923],
        peers: &[
            "kubeaudit:MissingDefaultDenyIngressAndEgressNetworkPolicy",
            "kubeaudit:MissingDefaultDenyIngressNetworkPolicy",
            "kubeaudit:MissingDefaultDenyEgressNetworkPolicy",
            "kubescape:C-0049",
            "kubescape:C-0054",
            "kubescape:C-0206",
        ],
        controls: &[control::NETWORK_POLICIES, control::NAMESPACE_DECLARED],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let policies = Policies::of(snapshot);
    let mut known: HashMap<Option<&str>, (bool, bool)> = HashMap::new();
    for policy in &policies.list {
        let namespace = if policy.everywhere { None } else { policy.object.view.namespace() };
        let known = known.entry(namespace).or_default();
        known.0 |= denies(policy, "ingress");
        known.1 |= denies(policy, "egress");
    }
    let anywhere = known.get(&None).copied().unwrap_or_default();
    for object in snapshot.of_kind("Namespace").filter(|object| object.view.group().is_empty()) {
        let name = object.view.name();
        if name.is_empty() || is_of_the_cluster(name) {
            continue;
        }
        let own = known.get(&Some(name)).copied().unwrap_or_default();
        let lacks = match (own.0 || anywhere.0, own.1 || anywhere.1) {
            (true, true) => continue,
            (false, false) => "ingress and egress",
            (false, true) => "ingress",
            (true, false) => "egress",
        };
        let message =
            format!("namespace `{name}` has no NetworkPolicy that denies {lacks} by default");
        let finding = out.report(object.source(), object.view.name_span(), message);
        finding.object(object.path());
        if lacks == "egress" {
            finding.severity(Severity::Low);
        }
    }
}

/// Whether a policy denies a direction to all pods of its namespace.
fn denies(policy: &Policy<'_>, direction: &str) -> bool {
    let isolates = if direction == "ingress" { policy.ingress } else { policy.egress };
    if !isolates {
        return false;
    }
    let Selects::Labels(selector) = &policy.selects else { return true };
    if !selector.is_empty() {
        return false;
    }
    if policy.object.view.kind() != "NetworkPolicy" {
        return true;
    }
    let rules = policy.object.view.spec().and_then(|spec| field(spec, direction));
    // Rules open some of what is denied; only one that allows everything undoes it.
    rules.is_none_or(|rules| rules.items().all(|rule| rule.entries().next().is_some()))
}

/// Namespaces whose policies are the distribution's affair.
fn is_of_the_cluster(name: &str) -> bool {
    name.starts_with("kube-") || name.starts_with("openshift-") || name == "openshift"
}

use careen_kube_model::{ObjectView, Selector};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::policy_peers::{Peer, is_network_policy, peers};
use crate::relations::short_span;

rule! {
    /// The entries of `from` and `to` add up. Where one is an empty `namespaceSelector`, every pod
    /// of the cluster is allowed, and a `podSelector` in another entry restricts nothing. Usually a
    /// dash too many made two entries of what was to be one: pods with these labels in all
    /// namespaces.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - from:
    ///     - namespaceSelector: {}
    /// #     ^^^^^^^^^^^^^^^^^ ingress rule 1 of NetworkPolicy `web` allows the pods of all namespaces, so that its `podSelector` restricts nothing
    ///     - podSelector: {matchLabels: {app: gateway}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - from:
    ///     - namespaceSelector: {}
    ///       podSelector: {matchLabels: {app: gateway}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-peer-redundant",
        summary: "network policy allows all namespaces beside selected pods",
        remedy: "Put `namespaceSelector` and `podSelector` into one entry.",
        severity: Medium,
        check: Check::Kind(&["NetworkPolicy"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[923],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_network_policy(object) {
        return;
    }
    let is_all = |node: Node<'_>| Selector::label_selector(node).is_empty();
    let mut open: Option<Peer<'_>> = None;
    let mut narrow: Option<Node<'_>> = None;
    let mut told: Option<Node<'_>> = None;
    for peer in peers(object) {
        let is_same = |node: Option<Node<'_>>| node == Some(peer.list);
        if is_same(told) {
            continue;
        }
        match (peer.namespaces(), peer.pods()) {
            (Some(namespaces), None) if is_all(namespaces) => open = Some(peer),
            (None, Some(pods)) if !is_all(pods) => narrow = Some(peer.list),
            _ => {}
        }
        let Some(open) = open.filter(|open| open.list == peer.list && is_same(narrow)) else {
            continue;
        };
        told = Some(peer.list);
        let message = format!(
            "{} allows the pods of all namespaces, so that its `podSelector` restricts nothing",
            open.rule_of(object)
        );
        out.report(short_span(open.node), message).field(open.path());
    }
}

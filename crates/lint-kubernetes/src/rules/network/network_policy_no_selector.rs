use careen_kube_model::{ObjectView, Selector, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::policy_peers::{is_network_policy, peers};

rule! {
    /// A NetworkPolicy that is for every pod of its namespace and knows its peers by address only
    /// holds no matter what the pods are: it is hard to see what it is for, and addresses of pods
    /// change. A default deny, which allows nothing, is left alone. Off by default: addresses
    /// outside the cluster can be named in no other way.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// #                ^^^ NetworkPolicy `web` uses no selector
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to: [{ipBlock: {cidr: 10.1.0.0/16}}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to: [{ipBlock: {cidr: 10.1.0.0/16}}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: default-deny}
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Ingress, Egress]
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-no-selector",
        summary: "network policy uses no selector",
        remedy: "Select the pods the policy is for, and peers inside the cluster by their labels.",
        severity: Low,
        check: Check::Kind(&["NetworkPolicy"], check),
        confidence: Confidence::High,
        default: false,
        security: true,
        cwe: &[923],
        peers: &["trivy:KSV-0038"],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_network_policy(object) {
        return;
    }
    let Some(spec) = object.spec() else { return };
    let is_narrow =
        field(spec, "podSelector").is_some_and(|node| !Selector::label_selector(node).is_empty());
    let mut peers = peers(object).peekable();
    if is_narrow || peers.peek().is_none() {
        return;
    }
    if !peers.any(|peer| peer.pods().is_some() || peer.namespaces().is_some()) {
        out.report(object.name_span(), format!("{} uses no selector", object.display()));
    }
}

use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::cidr::Cidr;
use crate::placeholder::is_placeholder;
use crate::policy_peers::{Peer, is_network_policy, peers};
use crate::relations::short_span;

rule! {
    /// A peer of a NetworkPolicy selects pods, namespaces or both, or is a block of addresses. The
    /// API server refuses an empty one, one that is both a block and a selector, and a block that
    /// is no CIDR. With the policy refused, the pods stay open. An empty peer is usually meant to
    /// deny everything, or to allow everything: for the first leave out the rules, for the second
    /// the list of peers.
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
    ///     - {}
    /// #     ^^ a peer in ingress rule 1 of NetworkPolicy `web` is empty
    ///     - ipBlock: {cidr: 10.0.0.1}
    /// #                     ^^^^^^^^ a peer in ingress rule 1 of NetworkPolicy `web` has the block `10.0.0.1`, which is no CIDR
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
    ///     - podSelector: {}
    ///     - ipBlock: {cidr: 10.0.0.1/32}
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-peer-invalid",
        summary: "peer of a network policy is refused",
        remedy: "Give the peer a selector or a CIDR block.",
        severity: High,
        check: Check::Kind(&["NetworkPolicy"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[923],
        controls: &[control::NETWORK_POLICIES, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_network_policy(object) {
        return;
    }
    for peer in peers(object) {
        let Some((place, problem)) = problem(&peer) else { continue };
        let message = format!("a peer in {} {problem}", peer.rule_of(object));
        out.report(place, message).field(peer.path()).evidence(problem);
    }
}

fn problem(peer: &Peer<'_>) -> Option<(careen_text::Span, String)> {
    let place = short_span(peer.node);
    let selects = peer.pods().is_some() || peer.namespaces().is_some();
    let Some(block) = peer.block() else {
        return (!selects).then(|| (place, "is empty".to_owned()));
    };
    if selects {
        return Some((place, "is both a block of addresses and a selector".to_owned()));
    }
    let Some(cidr) = field(block, "cidr") else {
        return Some((place, "is a block of addresses without `cidr`".to_owned()));
    };
    let text = cidr.text().filter(|text| !is_placeholder(text))?;
    let shown = crate::place::cut(text);
    Cidr::parse(text)
        .is_none()
        .then(|| (cidr.span(), format!("has the block `{shown}`, which is no CIDR")))
}

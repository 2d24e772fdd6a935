use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::cidr::Cidr;
use crate::policy_peers::is_network_policy;
use crate::relations::{directions, short_span};

rule! {
    /// Rules of a NetworkPolicy add up: one rule without peers and ports, or with the block
    /// `0.0.0.0/0` on all ports, allows everything, and no other policy can take that back. The
    /// policy then protects nothing in that direction. Rules that name ports are left alone: a
    /// public server on port 443 is meant to be reached by everybody.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: web}
    ///   policyTypes: [Ingress, Egress]
    ///   ingress:
    ///   - {}
    /// #   ^^ NetworkPolicy `web` allows all ingress: rule 1 names no peer
    ///   egress:
    ///   - to:
    ///     - ipBlock:
    ///         cidr: 0.0.0.0/0
    /// #             ^^^^^^^^^ NetworkPolicy `web` allows all egress: rule 1 allows `0.0.0.0/0`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: web}
    ///   policyTypes: [Ingress, Egress]
    ///   ingress:
    ///   - from:
    ///     - podSelector:
    ///         matchLabels: {app: gateway}
    ///   egress:
    ///   - ports:
    ///     - {port: 443, protocol: TCP}
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-allow-all",
        summary: "network policy allows all traffic",
        remedy: "Name the peers and ports that are needed.",
        severity: Medium,
        check: Check::Kind(&["NetworkPolicy"], check),
        fragments: true,
        security: true,
        cwe: &[923],
        peers: &[
            "kubeaudit:AllowAllIngressNetworkPolicyExists",
            "kubeaudit:AllowAllEgressNetworkPolicyExists",
            "popeye:1203",
        ],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_network_policy(object) {
        return;
    }
    let Some(spec) = object.spec() else { return };
    let (ingress, egress) = directions(spec, "policyTypes");
    for (direction, peers, counts) in [("ingress", "from", ingress), ("egress", "to", egress)] {
        let rules = field(spec, direction).filter(|_| counts);
        for (index, rule) in rules.iter().flat_map(Node::items).enumerate() {
            let Some((place, why)) = opens(rule, peers) else { continue };
            let number = index + 1;
            let message =
                format!("{} allows all {direction}: rule {number} {why}", object.display());
            let finding = out.report(place, message);
            finding.field(format!("spec.{direction}[{index}]"));
            if direction == "egress" {
                finding.severity(Severity::Low);
            }
        }
    }
}

/// Where and why a rule allows everything.
fn opens(rule: Node<'_>, peers: &str) -> Option<(careen_text::Span, String)> {
    let has_items = |key| field(rule, key).is_some_and(|list| list.items().next().is_some());
    if has_items("ports") {
        return None;
    }
    if !has_items(peers) {
        return Some((short_span(rule), "names no peer".into()));
    }
    field(rule, peers)?.items().find_map(|peer| {
        let block = field(peer, "ipBlock")?;
        let cidr = field(block, "cidr")?;
        let except = field(block, "except").is_some_and(|list| list.items().next().is_some());
        let all = cidr.text().filter(|text| Cidr::parse(text).is_some_and(Cidr::is_everything))?;
        (!except).then(|| (cidr.span(), format!("allows `{all}`")))
    })
}

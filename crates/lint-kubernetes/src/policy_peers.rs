//! The peers that NetworkPolicies allow.

use std::fmt;

use careen_kube_model::{ObjectView, field};
use careen_yaml::Node;

/// Peers of one policy that are looked at.
const PEERS: usize = 10_000;

/// An entry of `from` or `to`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer<'a> {
    /// `ingress` or `egress`.
    pub(crate) direction: &'static str,
    /// Index of the rule, from 0.
    pub(crate) rule: usize,
    /// Its mapping.
    pub(crate) node: Node<'a>,
    /// The list it stands in.
    pub(crate) list: Node<'a>,
}

/// Whether an object is a NetworkPolicy of Kubernetes itself.
pub(crate) fn is_network_policy(view: ObjectView<'_>) -> bool {
    view.kind() == "NetworkPolicy" && matches!(view.group(), "networking.k8s.io" | "extensions")
}

/// All peers of a policy.
pub(crate) fn peers<'a>(policy: ObjectView<'a>) -> impl Iterator<Item = Peer<'a>> + use<'a> {
    [("ingress", "from"), ("egress", "to")]
        .into_iter()
        .flat_map(move |(direction, key)| {
            let rules = policy.at(&["spec", direction]);
            let rules = rules.into_iter().flat_map(|rules| rules.items()).enumerate();
            rules.filter_map(move |(index, rule)| Some((direction, index, field(rule, key)?)))
        })
        .flat_map(|(direction, rule, list)| {
            list.items().map(move |node| Peer { direction, rule, node, list })
        })
        .take(PEERS)
}

impl<'a> Peer<'a> {
    /// `podSelector`; an empty one is there.
    pub(crate) fn pods(&self) -> Option<Node<'a>> {
        field(self.node, "podSelector")
    }

    /// `namespaceSelector`; an empty one is there and means all namespaces.
    pub(crate) fn namespaces(&self) -> Option<Node<'a>> {
        field(self.node, "namespaceSelector")
    }

    /// `ipBlock`.
    pub(crate) fn block(&self) -> Option<Node<'a>> {
        field(self.node, "ipBlock")
    }

    /// The path of its rule, such as `spec.ingress[0]`.
    pub(crate) fn path(&self) -> String {
        format!("spec.{}[{}]", self.direction, self.rule)
    }

    /// Its rule for a message: "ingress rule 1 of NetworkPolicy `web`".
    pub(crate) fn rule_of(&self, policy: ObjectView<'a>) -> impl fmt::Display + use<'a> {
        RuleOf(*self, policy)
    }
}

struct RuleOf<'a>(Peer<'a>, ObjectView<'a>);

impl fmt::Display for RuleOf<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} rule {} of {}", self.0.direction, self.0.rule + 1, self.1.display())
    }
}

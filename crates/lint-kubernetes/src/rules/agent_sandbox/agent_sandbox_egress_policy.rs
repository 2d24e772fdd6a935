use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::short_span;
use crate::sandbox::pod_spec;

rule! {
    /// What an agent may reach it can also leak to or attack: the metadata service of the cloud,
    /// databases of the cluster, anyone on the internet. The controller writes a NetworkPolicy for
    /// each template; with `networkPolicyManagement: Unmanaged` it writes none, and an egress rule
    /// without `to` opens everything.
    ///
    /// Without `networkPolicy` the controller allows the public internet and nothing inside, which
    /// is reported mildly: what an agent knows can still leave.
    ///
    /// ```yaml bad
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    /// ^^^^ SandboxTemplate `agents/coder` lets its sandboxes reach the whole internet
    ///   podTemplate:
    ///     spec:
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    /// ```yaml bad
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    ///   networkPolicyManagement: Unmanaged
    /// #                          ^^^^^^^^^ SandboxTemplate `agents/coder` leaves its sandboxes without a network policy
    ///   podTemplate:
    ///     spec:
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    /// ```yaml bad
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    ///   networkPolicy:
    ///     egress:
    ///     - ports: [{port: 443}]
    /// #     ^^^^^ SandboxTemplate `agents/coder` lets its sandboxes reach every address
    ///   podTemplate:
    ///     spec:
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    ///   networkPolicy:
    ///     egress:
    ///     - to: [{ipBlock: {cidr: 192.0.2.0/24}}]
    ///   podTemplate:
    ///     spec:
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "agent-sandbox-egress-policy",
        summary: "agent sandbox has no scoped egress",
        remedy: "List in `networkPolicy.egress` what the sandboxes may reach.",
        severity: Medium,
        check: Check::Kind(&["SandboxTemplate"], check),
        peers: &["kubescape:C-0301"],
        security: true,
        cwe: &[923],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://agent-sandbox.sigs.k8s.io/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if pod_spec(object).is_none() {
        return;
    }
    let management = object.at(&["spec", "networkPolicyManagement"]);
    if let Some(node) = management.filter(|node| node.text() == Some("Unmanaged")) {
        let message = format!("{} leaves its sandboxes without a network policy", object.display());
        out.report(node.span(), message).field("spec.networkPolicyManagement");
        return;
    }
    let Some(policy) = object.at(&["spec", "networkPolicy"]) else {
        let entry = object.root().entry("spec");
        let span = entry.map_or_else(|| object.name_span(), |entry| entry.key.span());
        let message = format!("{} lets its sandboxes reach the whole internet", object.display());
        out.report(span, message).severity(Severity::Low).field("spec.networkPolicy");
        return;
    };
    let rules = field(policy, "egress");
    for rule in rules.iter().flat_map(Node::items).filter(|rule| is_open(*rule)) {
        let message = format!("{} lets its sandboxes reach every address", object.display());
        out.report(short_span(rule), message).field("spec.networkPolicy.egress");
    }
}

/// Whether an egress rule has no peers, or a block of all addresses without exceptions.
fn is_open(rule: Node<'_>) -> bool {
    let Some(peers) = field(rule, "to") else { return true };
    let mut peers = peers.items().peekable();
    peers.peek().is_none()
        || peers.any(|peer| {
            let block = field(peer, "ipBlock");
            let all = block.and_then(|block| field(block, "cidr")).and_then(|cidr| cidr.text());
            matches!(all, Some("0.0.0.0/0" | "::/0"))
                && block.is_some_and(|block| field(block, "except").is_none())
        })
}

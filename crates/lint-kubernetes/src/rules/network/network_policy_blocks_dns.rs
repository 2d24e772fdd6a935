use careen_kube_model::{ObjectView, field};
use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::policy_peers::is_network_policy;
use crate::relations::{Policies, Selects, Workloads, short_span, text};

rule! {
    /// Once a policy restricts the outgoing traffic of a pod, everything else is dropped, the
    /// lookup of names too. Rules that allow connections to other pods or to the internet then help
    /// little: the pod cannot find out their addresses, and each attempt ends after seconds. A
    /// policy that denies everything is left alone. It is fine for pods that use addresses only,
    /// and where another repository allows DNS for all pods.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to: [{podSelector: {matchLabels: {app: database}}}]
    /// #   ^^ the NetworkPolicies of Pod `web` allow some egress and no DNS
    ///     ports: [{port: 5432}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to: [{podSelector: {matchLabels: {app: database}}}]
    ///     ports: [{port: 5432}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: dns}
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
    ///     ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-blocks-dns",
        summary: "network policies allow some egress and no DNS",
        remedy: "Allow port 53, UDP and TCP, to the cluster's DNS pods.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::NETWORK_POLICIES, control::NETWORK_REACHABLE],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

/// What all policies together say of one workload's egress.
#[derive(Clone, Copy, Default)]
struct Egress<'a> {
    /// The first rule that allows something, with the index of its policy.
    allows: Option<(usize, Node<'a>)>,
    /// Whether names can be looked up, or may be.
    dns: bool,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let policies = Policies::of(snapshot);
    let restricts = policies
        .list
        .iter()
        .filter(|policy| policy.egress)
        .any(|policy| matches!(first_and_dns(policy.object.view), Some((Some(_), false))));
    if !restricts {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let mut known = vec![Egress::default(); workloads.iter().len()];
    for (at, policy) in policies.list.iter().enumerate() {
        let view = policy.object.view;
        let namespace = if policy.everywhere { None } else { view.namespace() };
        let rules = first_and_dns(view);
        let mark = |one: &mut Egress<'_>| match &rules {
            // Other kinds of policies have languages of their own.
            None => one.dns = true,
            Some((_, dns)) => one.dns |= *dns,
        };
        let Selects::Labels(selector) = &policy.selects else {
            for (one, workload) in known.iter_mut().zip(workloads.iter()) {
                if namespaces_agree(workload.object.view.namespace(), namespace) {
                    mark(one);
                }
            }
            continue;
        };
        let Some(selected) = workloads.selected(namespace, selector) else { return };
        for one in selected {
            let Some(one) = known.get_mut(one) else { continue };
            mark(one);
            if let Some((Some(first), _)) = rules
                && policy.egress
            {
                one.allows.get_or_insert((at, first));
            }
        }
    }
    let mut told = vec![false; policies.list.len()];
    for (one, workload) in known.iter().zip(workloads.iter()) {
        let Some((at, rule)) = one.allows.filter(|_| !one.dns) else { continue };
        let resolves_itself = workload.pod.host_network().is_some()
            || workload.pod.field("dnsPolicy").and_then(|node| node.text()) == Some("None");
        let (Some(policy), Some(told)) = (policies.list.get(at), told.get_mut(at)) else {
            continue;
        };
        if resolves_itself || std::mem::replace(told, true) {
            continue;
        }
        let object = workload.object;
        let message = format!(
            "the NetworkPolicies of {} allow some egress and no DNS",
            object.view.display()
        );
        out.report(policy.object.source(), short_span(rule), message)
            .object(policy.object.path())
            .field("spec.egress")
            .related(object.source(), object.view.name_span(), "the pods are made here");
    }
}

/// The first rule for egress of a NetworkPolicy and whether some rule may allow DNS; none for other
/// kinds of policies.
fn first_and_dns(view: ObjectView<'_>) -> Option<(Option<Node<'_>>, bool)> {
    if !is_network_policy(view) {
        return None;
    }
    let rules = view.at(&["spec", "egress"]);
    let first = rules.and_then(|rules| rules.items().next());
    let is_system = view.namespace() == Some("kube-system");
    Some((first, rules.iter().flat_map(Node::items).any(|rule| allows_dns(rule, is_system))))
}

/// Whether a rule may reach the cluster's DNS: by the port, or to any port of pods that may be it.
fn allows_dns(rule: Node<'_>, is_system: bool) -> bool {
    let ports = field(rule, "ports");
    let mut ports = ports.iter().flat_map(Node::items).peekable();
    if ports.peek().is_some() && !ports.any(is_dns) {
        return false;
    }
    let peers = field(rule, "to");
    let mut peers = peers.iter().flat_map(Node::items).peekable();
    // Pods of the policy's own namespace are the cluster's DNS in `kube-system` only; a server of
    // one's own is named by its port.
    peers.peek().is_none()
        || is_system
        || field(rule, "ports").is_some()
        || peers.any(|peer| {
            field(peer, "namespaceSelector").is_some() || field(peer, "ipBlock").is_some()
        })
}

fn is_dns(port: Node<'_>) -> bool {
    /// DNS, and where OpenShift's DNS pods listen.
    const PORTS: [i64; 2] = [53, 5353];
    let Some(node) = field(port, "port") else { return true };
    let Some(number) = node.as_i64() else {
        return text(port, "port").is_some_and(|name| name.contains("dns"));
    };
    let end = field(port, "endPort").and_then(|end| end.as_i64()).unwrap_or(number);
    PORTS.iter().any(|dns| (number..=end).contains(dns))
}

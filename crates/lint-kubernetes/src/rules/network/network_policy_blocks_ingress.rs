use std::collections::HashSet;

use careen_kube_model::{ObjectView, field};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::exposure::Exposure;
use crate::gateway;
use crate::nginx::is_ingress;
use crate::policy_peers::is_network_policy;
use crate::relations::{Policies, Selects, Workloads, backends};

rule! {
    /// An Ingress or a route sends requests to pods whose policies let nothing in from outside
    /// their namespace. Controllers run in a namespace of their own, so that their connections
    /// are dropped and every request ends in a timeout. It is fine where the controller runs in the
    /// pods' namespace; peers that look like one are taken for it.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ Ingress `shop/shop` sends requests to Pod `shop/web`, whose NetworkPolicies let nothing in from outside the namespace
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - from: [{podSelector: {matchLabels: {app: worker}}}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{port: 80}]}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    ///   ingress:
    ///   - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop, namespace: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec: {selector: {app: web}, ports: [{port: 80}]}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop, labels: {app: web}}
    /// spec:
    ///   containers: [{name: web, image: registry.example.com/web:1.4.0}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-blocks-ingress",
        summary: "network policies keep an ingress controller away from its backend",
        remedy: "Allow the controller's namespace in the `ingress` of a policy that selects the pods.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::NETWORK_POLICIES, control::NETWORK_REACHABLE],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

/// What all policies together say of what comes in to one workload.
#[derive(Clone, Copy, Default)]
struct Incoming {
    /// The first policy that denies.
    by: Option<usize>,
    /// Whether something from outside the namespace is let in, or may be.
    open: bool,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let policies = Policies::of(snapshot);
    let denies = policies.list.iter().any(|policy| {
        policy.ingress && is_network_policy(policy.object.view) && !opens(policy.object.view)
    });
    if !denies {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let Some(known) = incoming(&policies, &workloads) else { return };
    let closed: HashSet<usize> = (0..known.len())
        .filter(|at| known.get(*at).is_some_and(|one| one.by.is_some() && !one.open))
        .collect();
    if closed.is_empty() {
        return;
    }
    let exposure = Exposure::of(snapshot);
    let mut told = HashSet::new();
    let mut judge = |door: ObjectRef<'_>, namespace: Option<&str>, name: &str| {
        for at in exposure.indexes(namespace, name) {
            if !closed.contains(&at) || !told.insert(at) {
                continue;
            }
            let (Some(workload), Some(policy)) = (
                workloads.iter().nth(at),
                known.get(at).and_then(|one| policies.list.get(one.by?)),
            ) else {
                continue;
            };
            if workload.pod.host_network().is_some() {
                continue;
            }
            let message = format!(
                "{} sends requests to {}, whose NetworkPolicies let nothing in from outside the namespace",
                door.view.display(),
                workload.object.view.display()
            );
            let policy = policy.object;
            out.report(policy.source(), policy.view.name_span(), message)
                .object(policy.path())
                .evidence(door.view.name())
                .related(door.source(), door.view.name_span(), "the requests come from here")
                .related(
                    workload.object.source(),
                    workload.object.view.name_span(),
                    "the pods are made here",
                );
        }
    };
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        for backend in backends(ingress.view) {
            judge(ingress, ingress.view.namespace(), backend.name);
        }
    }
    for route in gateway::routes(snapshot).filter(|route| is_from_elsewhere(route.view)) {
        for backend in gateway::backends(route.view).filter(gateway::Backend::is_service) {
            judge(route, backend.target.namespace_from(route.view), backend.target.name);
        }
    }
}

/// Whether the Gateways of a route are surely in another namespace: some controllers run their
/// pods beside the Gateway.
fn is_from_elsewhere(route: ObjectView<'_>) -> bool {
    let mut parents = gateway::parents(route).peekable();
    parents.peek().is_some()
        && parents
            .all(|parent| parent.is_gateway() && parent.target.foreign_namespace(route).is_some())
}

fn incoming(policies: &Policies<'_>, workloads: &Workloads<'_>) -> Option<Vec<Incoming>> {
    let mut known = vec![Incoming::default(); workloads.iter().len()];
    for (at, policy) in policies.list.iter().enumerate() {
        let view = policy.object.view;
        let namespace = if policy.everywhere { None } else { view.namespace() };
        // Other kinds of policies have languages of their own.
        let open = !is_network_policy(view) || opens(view);
        let mark = |one: &mut Incoming| {
            one.open |= open;
            if policy.ingress {
                one.by.get_or_insert(at);
            }
        };
        match &policy.selects {
            Selects::Labels(selector) => {
                for index in workloads.selected(namespace, selector)? {
                    known.get_mut(index).map(mark);
                }
            }
            Selects::Unknown => {
                for (one, workload) in known.iter_mut().zip(workloads.iter()) {
                    if namespaces_agree(workload.object.view.namespace(), namespace) {
                        mark(one);
                    }
                }
            }
        }
    }
    Some(known)
}

/// Whether a policy lets something in from outside its namespace, or from what looks like a
/// controller.
fn opens(policy: ObjectView<'_>) -> bool {
    let rules = policy.at(&["spec", "ingress"]);
    rules.iter().flat_map(Node::items).any(|rule| {
        let peers = field(rule, "from");
        let mut peers = peers.iter().flat_map(Node::items).peekable();
        peers.peek().is_none()
            || peers.any(|peer| {
                field(peer, "namespaceSelector").is_some()
                    || field(peer, "ipBlock").is_some()
                    || field(peer, "podSelector").is_none_or(is_controller)
            })
    })
}

/// Whether a selector of pods has a word of an ingress controller, or takes all pods.
fn is_controller(selector: Node<'_>) -> bool {
    const WORDS: [&str; 8] =
        ["ingress", "gateway", "nginx", "traefik", "envoy", "haproxy", "proxy", "istio"];
    let selector = careen_kube_model::Selector::label_selector(selector);
    let mut equalities = selector.equalities().peekable();
    equalities.peek().is_none()
        || equalities
            .any(|(key, value)| WORDS.iter().any(|word| key.contains(word) || value.contains(word)))
}

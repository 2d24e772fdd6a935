//! Policies that isolate pods: NetworkPolicy, and what Cilium and Calico have beside it.

use careen_kube_model::{ObjectView, Selector, field, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use super::{Workloads, text};

/// Which pods a policy is about.
#[derive(Clone, Debug)]
pub(crate) enum Selects<'a> {
    /// Those with these labels.
    Labels(Selector<'a>),
    /// A language that is not read here: taken for all pods.
    Unknown,
}

/// One policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    /// Its pods.
    pub(crate) selects: Selects<'a>,
    /// Whether it is about the pods of all namespaces.
    pub(crate) everywhere: bool,
    /// Whether incoming traffic is denied unless allowed.
    pub(crate) ingress: bool,
    /// Whether outgoing traffic is denied unless allowed.
    pub(crate) egress: bool,
}

/// All policies of a repository.
#[derive(Debug)]
pub(crate) struct Policies<'a> {
    /// In order of kind, path and place.
    pub(crate) list: Vec<Policy<'a>>,
}

/// What the policies say about one workload.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Covered {
    /// Index of the first policy that selects it.
    pub(crate) by: Option<usize>,
    /// Whether some policy isolates incoming traffic.
    pub(crate) ingress: bool,
    /// Whether some policy isolates outgoing traffic.
    pub(crate) egress: bool,
}

impl<'a> Policies<'a> {
    /// Finds the policies of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        const KINDS: [&str; 6] = [
            "NetworkPolicy",
            "CiliumNetworkPolicy",
            "CiliumClusterwideNetworkPolicy",
            "GlobalNetworkPolicy",
            "AdminNetworkPolicy",
            "BaselineAdminNetworkPolicy",
        ];
        let mut list = Vec::new();
        for kind in KINDS {
            for object in snapshot.of_kind(kind) {
                read(object, &mut list);
            }
        }
        Self { list }
    }

    /// What the policies say about each workload, in the order of `workloads`; none where too much
    /// would have to be compared.
    pub(crate) fn cover(&self, workloads: &Workloads<'_>) -> Option<Vec<Covered>> {
        let mut covered = vec![Covered::default(); workloads.iter().len()];
        for (at, policy) in self.list.iter().enumerate() {
            let namespace = if policy.everywhere { None } else { policy.object.view.namespace() };
            let mark = |one: &mut Covered| {
                one.by.get_or_insert(at);
                one.ingress |= policy.ingress;
                one.egress |= policy.egress;
            };
            match &policy.selects {
                Selects::Labels(selector) => {
                    for index in workloads.selected(namespace, selector)? {
                        if let Some(one) = covered.get_mut(index) {
                            mark(one);
                        }
                    }
                }
                Selects::Unknown => {
                    for (one, workload) in covered.iter_mut().zip(workloads.iter()) {
                        let own = workload.object.view.namespace();
                        if careen_model::namespaces_agree(own, namespace) {
                            mark(one);
                        }
                    }
                }
            }
        }
        Some(covered)
    }
}

fn read<'a>(object: ObjectRef<'a>, list: &mut Vec<Policy<'a>>) {
    let view = object.view;
    let everywhere = view.kind() != "NetworkPolicy" && view.kind() != "CiliumNetworkPolicy";
    let policy = |selects, ingress, egress| Policy { object, selects, everywhere, ingress, egress };
    match (view.group(), view.spec()) {
        ("networking.k8s.io" | "extensions", Some(spec)) => {
            let (ingress, egress) = directions(spec, "policyTypes");
            // An absent selector is an empty one: the API server fills it in.
            let node = field(spec, "podSelector").unwrap_or(spec);
            list.push(policy(Selects::Labels(Selector::label_selector(node)), ingress, egress));
        }
        ("cilium.io", own) => {
            let more = field(view.root(), "specs");
            let more = more.iter().flat_map(Node::items);
            for spec in own.into_iter().chain(more) {
                let Some(node) = field(spec, "endpointSelector") else { continue };
                let has = |keys: [&str; 2]| keys.iter().any(|key| field(spec, key).is_some());
                let (ingress, egress) =
                    (has(["ingress", "ingressDeny"]), has(["egress", "egressDeny"]));
                list.push(policy(cilium(node), ingress, egress));
            }
        }
        (_, Some(spec)) if is_calico(view) => {
            let (ingress, egress) = directions(spec, "types");
            list.push(policy(Selects::Unknown, ingress, egress));
        }
        ("policy.networking.k8s.io", Some(spec)) => {
            let has = |key| field(spec, key).is_some();
            list.push(policy(Selects::Unknown, has("ingress"), has("egress")));
        }
        _ => {}
    }
}

fn is_calico(view: ObjectView<'_>) -> bool {
    matches!(view.group(), "projectcalico.org" | "crd.projectcalico.org")
}

/// Cilium's label keys may say where a label comes from (`k8s:app`), and may be about namespaces.
fn cilium(node: Node<'_>) -> Selects<'_> {
    let plain = |key: Option<&str>| {
        key.is_some_and(|key| !key.contains(':') && !key.starts_with("io.kubernetes."))
    };
    let labels = field(node, "matchLabels");
    let mut labels = labels.iter().flat_map(Node::entries);
    let expressions = field(node, "matchExpressions");
    let mut expressions = expressions.iter().flat_map(Node::items);
    if labels.all(|entry| plain(entry.name()))
        && expressions.all(|expression| plain(text(expression, "key")))
    {
        Selects::Labels(Selector::label_selector(node))
    } else {
        Selects::Unknown
    }
}

/// The directions a policy is about. Where no types are written, incoming traffic always is, and
/// outgoing traffic is if there are rules for it.
pub(crate) fn directions(spec: Node<'_>, types: &str) -> (bool, bool) {
    match field(spec, types).filter(|types| types.items().next().is_some()) {
        Some(types) => {
            let has = |wanted| strings(types).any(|(name, _)| name == wanted);
            (has("Ingress"), has("Egress"))
        }
        None => {
            let egress = field(spec, "egress").is_some_and(|list| list.items().next().is_some());
            (true, egress)
        }
    }
}

//! Which listeners a route attaches to.

use std::cell::Cell;
use std::collections::HashMap;

use careen_kube_model::{Labels, ObjectView, Selector, field, path};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::{GROUP, Listener, Parent, listeners, parents};
use crate::relations::text;

/// The label that every namespace has, with its name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";
/// Gateways or namespaces of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 50;
/// Gateways and listeners that one check looks at. Far more than a repository needs; parents beyond are taken
/// for unknown.
const LOOKED_AT: usize = 500_000;

/// Gateways by name, and what they allow.
#[derive(Debug)]
pub(crate) struct Gateways<'a> {
    by_name: HashMap<&'a str, Vec<Known<'a>>>,
    namespaces: HashMap<&'a str, Vec<Labels<'a>>>,
    /// Listeners that may still be looked at.
    left: Cell<usize>,
}

/// A Gateway with its listeners.
#[derive(Debug)]
struct Known<'a> {
    gateway: ObjectRef<'a>,
    listeners: Vec<Listener<'a>>,
}

/// A parent of a route with the Gateways it means.
#[derive(Debug)]
pub(crate) struct Attached<'a> {
    /// The entry of the route.
    pub(crate) parent: Parent<'a>,
    /// The Gateways; overlays make more than one.
    pub(crate) gateways: Vec<ObjectRef<'a>>,
    /// Their listeners of the name and port that the route asks for.
    pub(crate) listeners: Vec<(ObjectRef<'a>, Listener<'a>)>,
    /// Whether some of them is a patch that does not say its listeners.
    pub(crate) is_partial: bool,
}

impl<'a> Gateways<'a> {
    /// Indexes the Gateways of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut namespaces: HashMap<_, Vec<_>> = HashMap::new();
        for object in snapshot.of_kind("Namespace").filter(|object| object.view.group().is_empty())
        {
            let known = namespaces.entry(object.view.name()).or_default();
            if known.len() < NAMESAKES {
                known.push(object.view.labels());
            }
        }
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for gateway in snapshot.of_kind("Gateway").filter(|found| found.view.group() == GROUP) {
            let listeners = listeners(gateway.view).collect();
            let known = Known { gateway, listeners };
            by_name.entry(gateway.view.name()).or_default().push(known);
        }
        Self { by_name, namespaces, left: Cell::new(LOOKED_AT) }
    }

    /// Whether the repository has no Gateway.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Whether there is a Gateway of a name in an agreeing namespace.
    pub(crate) fn has(&self, namespace: Option<&str>, name: &str) -> bool {
        let agrees =
            |found: &Known<'a>| namespaces_agree(found.gateway.view.namespace(), namespace);
        self.by_name.get(name).is_some_and(|known| known.iter().take(1000).any(agrees))
    }

    /// The parents of a route that are Gateways of the repository.
    pub(crate) fn attached<'s>(
        &'s self,
        route: ObjectView<'a>,
    ) -> impl Iterator<Item = Attached<'a>> + use<'a, 's> {
        parents(route).filter(Parent::is_gateway).filter_map(move |parent| {
            let namespace = parent.target.namespace_from(route);
            let known = self.by_name.get(parent.target.name)?;
            let agrees =
                |found: &&Known<'a>| namespaces_agree(found.gateway.view.namespace(), namespace);
            let left = self.left.get().checked_sub(known.len())?;
            let found: Vec<&Known<'a>> = known.iter().filter(agrees).take(NAMESAKES).collect();
            if found.is_empty() {
                return None;
            }
            let left = left.checked_sub(found.iter().map(|found| found.listeners.len()).sum())?;
            self.left.set(left);
            let is_partial = found.iter().any(|found| found.listeners.is_empty());
            let gateways = found.iter().map(|found| found.gateway).collect();
            let (section, port) = (parent.section(), parent.port());
            let listeners = found
                .iter()
                .flat_map(|found| found.listeners.iter().map(|listener| (found.gateway, *listener)))
                .filter(|(_, listener)| {
                    section.is_none_or(|section| section == listener.name)
                        && port.is_none_or(|port| Some(port) == listener.port())
                })
                .collect();
            Some(Attached { parent, gateways, listeners, is_partial })
        })
    }

    /// Why a listener does not take a route, as far as that is sure.
    pub(crate) fn refuses(
        &self,
        listener: &Listener<'a>,
        route: ObjectView<'a>,
    ) -> Option<Refusal> {
        if !takes_kind(listener, route.kind()) {
            return Some(Refusal::Kind);
        }
        let allowed = path(listener.node, &["allowedRoutes", "namespaces"]);
        let from = allowed.and_then(|allowed| text(allowed, "from")).unwrap_or("Same");
        let own = listener.holder.namespace();
        match from {
            "Same" => (!namespaces_agree(own, route.namespace())).then_some(Refusal::Same),
            "None" => Some(Refusal::All),
            "Selector" => {
                let selector = Selector::label_selector(field(allowed?, "selector")?);
                let namespace = route.namespace()?;
                self.lacks_labels(namespace, &selector).then_some(Refusal::Selector)
            }
            // `All`, and words of a later version.
            _ => None,
        }
    }

    /// Whether a listener takes a route, as far as that is sure: the other side of
    /// [`Gateways::refuses`], between which lies what the repository does not tell.
    pub(crate) fn surely_takes(&self, listener: &Listener<'a>, route: ObjectView<'a>) -> bool {
        let allowed = path(listener.node, &["allowedRoutes", "namespaces"]);
        let is_sure = match allowed.and_then(|allowed| text(allowed, "from")) {
            Some("All") => true,
            None | Some("Same") => listener.holder.namespace() == route.namespace(),
            _ => false,
        };
        is_sure && self.refuses(listener, route).is_none()
    }

    /// Whether the repository has the namespace and it does not have the labels.
    fn lacks_labels(&self, namespace: &str, selector: &Selector<'_>) -> bool {
        if selector.equalities().any(|(key, value)| key == NAME_LABEL && value != namespace) {
            return true;
        }
        // What asks for the name only, which every namespace has, is met.
        let is_name = |node: Node<'_>| text(node, "key") == Some(NAME_LABEL);
        let expressions = field(selector.node(), "matchExpressions");
        let mut expressions = expressions.iter().flat_map(Node::items);
        if expressions.any(is_name) || selector.equalities().any(|(key, _)| key == NAME_LABEL) {
            return false;
        }
        let declared = self.namespaces.get(namespace).map(Vec::as_slice).unwrap_or_default();
        !declared.is_empty() && !declared.iter().any(|labels| selector.matches(*labels))
    }
}

/// Why a listener does not take a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It takes no routes of this kind.
    Kind,
    /// It takes routes of its own namespace only.
    Same,
    /// It takes routes of namespaces with labels only.
    Selector,
    /// It takes no route at all.
    All,
}

/// Whether a listener takes routes of a kind: by its list, else by its protocol.
fn takes_kind(listener: &Listener<'_>, kind: &str) -> bool {
    let kinds = path(listener.node, &["allowedRoutes", "kinds"]);
    let mut kinds = kinds.iter().flat_map(Node::items).peekable();
    if kinds.peek().is_some() {
        return kinds.any(|allowed| {
            text(allowed, "kind") == Some(kind)
                && text(allowed, "group").is_none_or(|group| group == GROUP)
        });
    }
    match listener.protocol() {
        "HTTP" | "HTTPS" => matches!(kind, "HTTPRoute" | "GRPCRoute"),
        "TLS" => matches!(kind, "TLSRoute" | "TCPRoute"),
        "TCP" => kind == "TCPRoute",
        "UDP" => kind == "UDPRoute",
        _ => true,
    }
}

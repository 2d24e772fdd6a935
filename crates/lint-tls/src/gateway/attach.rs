//! Which listeners a route attaches to.

use careen_kube_model::{ObjectView, field, path, strings};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::{GROUP, LISTENING, Listener, is_listening, listeners};
use crate::endpoints::{items, named};
use crate::ingress::is_plain;

/// Routes whose traffic may go through TLS.
const ROUTES: [&str; 3] = ["HTTPRoute", "GRPCRoute", "TLSRoute"];
/// Parents of one route that are looked at; the API allows 32.
const PARENTS: usize = 64;
/// Hostnames of one route that are looked at; the API allows 16.
const HOSTNAMES: usize = 32;
/// Kinds of routes that one listener lists; the API allows 8.
const KINDS: usize = 32;
/// Gateways and listeners that one check looks at. Far more than a repository needs; what is
/// beyond is taken for unknown.
const LOOKED_AT: usize = 100_000;

/// A parent of a route with the listeners that take it.
#[derive(Debug)]
pub(crate) struct Attached<'a> {
    /// The route.
    pub(crate) route: ObjectRef<'a>,
    /// Where the route says which listeners it means, else the parent's name.
    pub(crate) place: Node<'a>,
    /// The listeners of the name and port that the route asks for, which may take it.
    pub(crate) listeners: Vec<Listener<'a>>,
    /// How many Gateways were meant; overlays make more than one.
    pub(crate) gateways: usize,
}

/// All routes with what they attach to in the repository, in order.
pub(crate) fn attached(snapshot: &Snapshot) -> Vec<Attached<'_>> {
    let mut all = Vec::new();
    let mut left = LOOKED_AT;
    let routes = ROUTES.into_iter().flat_map(|kind| snapshot.of_kind(kind));
    for route in routes.filter(|route| route.view.group() == GROUP) {
        for parent in items(route.view, &["spec", "parentRefs"]).take(PARENTS) {
            let Some(found) = of_parent(snapshot, route, parent, &mut left) else { continue };
            if !found.listeners.is_empty() {
                all.push(found);
            }
            if left == 0 {
                return all;
            }
        }
    }
    all
}

fn of_parent<'a>(
    snapshot: &'a Snapshot,
    route: ObjectRef<'a>,
    parent: Node<'a>,
    left: &mut usize,
) -> Option<Attached<'a>> {
    let kind = named(parent, &["kind"]).map_or("Gateway", |(kind, _)| kind);
    let (name, name_node) = named(parent, &["name"]).filter(|(name, _)| is_plain(name))?;
    if !LISTENING.contains(&kind) {
        return None;
    }
    let namespace = named(parent, &["namespace"]).map(|(namespace, _)| namespace);
    let namespace = namespace.or_else(|| route.view.namespace());
    let section = named(parent, &["sectionName"]);
    let port = field(parent, "port").and_then(|port| port.as_i64());
    let place = section.map(|(_, node)| node).or_else(|| field(parent, "port"));
    let place = place.unwrap_or(name_node);
    let mut attached = Attached { route, place, listeners: Vec::new(), gateways: 0 };
    for gateway in snapshot.named(kind, None, name) {
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
        let view = gateway.view;
        if !is_listening(view) || !namespaces_agree(view.namespace(), namespace) {
            continue;
        }
        attached.gateways += 1;
        for listener in listeners(gateway) {
            *left = left.saturating_sub(1);
            let meant = section.is_none_or(|(section, _)| section == listener.name)
                && port.is_none_or(|port| Some(port) == listener.port());
            if meant && may_take(&listener, route.view) {
                attached.listeners.push(listener);
            }
        }
    }
    Some(attached)
}

/// Whether a listener may take a route, as far as the repository tells. Whether the protocol fits
/// the kind is not asked.
fn may_take(listener: &Listener<'_>, route: ObjectView<'_>) -> bool {
    let allowed = path(listener.node, &["allowedRoutes", "namespaces", "from"]);
    let namespace = match allowed.and_then(|from| from.text()).unwrap_or("Same") {
        "Same" => namespaces_agree(listener.object.view.namespace(), route.namespace()),
        "None" => false,
        _ => true,
    };
    let kinds = path(listener.node, &["allowedRoutes", "kinds"]);
    let mut kinds = kinds.into_iter().flat_map(|kinds| kinds.items()).take(KINDS).peekable();
    let kind = kinds.peek().is_none()
        || kinds.any(|kind| named(kind, &["kind"]).is_some_and(|(kind, _)| kind == route.kind()));
    namespace && kind
}

/// The hostnames of a route, as written; variables are left out.
pub(crate) fn hostnames<'a>(
    route: ObjectView<'a>,
) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let list = route.at(&["spec", "hostnames"]);
    let all = list.into_iter().flat_map(strings).take(HOSTNAMES);
    all.filter(|(host, _)| is_plain(host))
}

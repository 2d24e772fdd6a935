//! Routes: what they attach to and where they send traffic.

use careen_kube_model::{ObjectView, field, path, strings};
use careen_yaml::Node;

use super::{GROUP, Target};
use crate::placeholder::is_placeholder;
use crate::relations::text;

/// Parents of one route that are looked at; the API allows 32.
const PARENTS: usize = 64;
/// Hostnames of one route that are looked at; the API allows 16.
const HOSTNAMES: usize = 32;
/// Rules of one route that are looked at; the API allows 16.
const RULES: usize = 256;

/// What a route attaches to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent<'a> {
    /// The entry of `parentRefs`.
    pub(crate) node: Node<'a>,
    /// The object.
    pub(crate) target: Target<'a>,
}

impl<'a> Parent<'a> {
    /// Whether it is a Gateway; meshes attach routes to Services.
    pub(crate) fn is_gateway(&self) -> bool {
        self.target.is(GROUP, "Gateway")
    }

    /// The one listener it names.
    pub(crate) fn section(&self) -> Option<&'a str> {
        text(self.node, "sectionName").filter(|name| !name.is_empty())
    }

    /// The one port it names.
    pub(crate) fn port(&self) -> Option<i64> {
        field(self.node, "port")?.as_i64()
    }

    /// Where it says which listeners it means, else its name.
    pub(crate) fn place(&self) -> Node<'a> {
        let own = field(self.node, "sectionName").or_else(|| field(self.node, "port"));
        own.unwrap_or(self.target.name_node)
    }
}

/// The parents of a route; those with a place for a name are left out.
pub(crate) fn parents<'a>(route: ObjectView<'a>) -> impl Iterator<Item = Parent<'a>> + use<'a> {
    let list = route.at(&["spec", "parentRefs"]);
    list.into_iter()
        .flat_map(|list| list.items())
        .take(PARENTS)
        .filter_map(|node| Some(Parent { node, target: Target::of(node, GROUP, "Gateway")? }))
}

/// The hostnames of a route, as written.
pub(crate) fn hostnames<'a>(
    route: ObjectView<'a>,
) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let list = route.at(&["spec", "hostnames"]);
    list.into_iter()
        .flat_map(strings)
        .take(HOSTNAMES)
        .filter(|(host, _)| !host.is_empty() && !is_placeholder(host))
}

/// The rules of a route.
pub(crate) fn rules<'a>(route: ObjectView<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let list = route.at(&["spec", "rules"]);
    list.into_iter().flat_map(|list| list.items()).take(RULES)
}

/// Where a route sends traffic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backend<'a> {
    /// The entry of `backendRefs`, or the one of a mirror.
    pub(crate) node: Node<'a>,
    /// The object.
    pub(crate) target: Target<'a>,
}

impl<'a> Backend<'a> {
    fn of(node: Node<'a>) -> Option<Self> {
        Some(Self { node, target: Target::of(node, "", "Service")? })
    }

    /// Whether it is a Service.
    pub(crate) fn is_service(&self) -> bool {
        self.target.is("", "Service")
    }

    /// `port`.
    pub(crate) fn port(&self) -> Option<Node<'a>> {
        field(self.node, "port")
    }
}

/// The backends of a route, those that get a copy of the traffic too.
pub(crate) fn backends<'a>(route: ObjectView<'a>) -> impl Iterator<Item = Backend<'a>> + use<'a> {
    let own = |rule| field(rule, "backendRefs").into_iter().flat_map(|list| list.items());
    rules(route)
        .flat_map(move |rule| {
            let filters = std::iter::once(rule).chain(own(rule)).flat_map(mirrors);
            own(rule).chain(filters)
        })
        .filter_map(Backend::of)
}

fn mirrors<'a>(holder: Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let filters = field(holder, "filters").into_iter().flat_map(|list| list.items());
    filters.filter_map(|filter| path(filter, &["requestMirror", "backendRef"]))
}

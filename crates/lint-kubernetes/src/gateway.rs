//! Gateway API: gateways with their listeners, and the routes that attach to them.
//!
//! Names that lead to other groups and kinds than the standard ones are read but never resolved:
//! controllers bring backends and parents of their own.

mod attach;
mod grants;
pub(crate) mod hosts;
mod listener;
mod route;
mod services;

use careen_kube_model::{ObjectView, field};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::placeholder::is_placeholder;

pub(crate) use attach::{Attached, Gateways, Refusal};
pub(crate) use grants::{Ask, Grants};
pub(crate) use listener::{Listener, gateway_wide, listeners};
pub(crate) use route::{Backend, Parent, backends, hostnames, parents, rules};
pub(crate) use services::Services;

/// The API group.
pub(crate) const GROUP: &str = "gateway.networking.k8s.io";
/// The kinds of routes, which share `parentRefs` and `rules`.
pub(crate) const ROUTES: &[&str] = &["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];
/// The kinds that have listeners.
pub(crate) const LISTENING: &[&str] = &["Gateway", "ListenerSet", "XListenerSet"];

/// Whether an object of one of the [`LISTENING`] kinds is the one of the Gateway API.
pub(crate) fn is_listening(view: ObjectView<'_>) -> bool {
    matches!(view.group(), GROUP | "gateway.networking.x-k8s.io")
}

/// All routes of a snapshot.
pub(crate) fn routes(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    ROUTES
        .iter()
        .flat_map(|kind| snapshot.of_kind(kind))
        .filter(|object| object.view.group() == GROUP)
}

/// An object that another one names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// The API group.
    pub(crate) group: &'a str,
    /// The kind.
    pub(crate) kind: &'a str,
    /// The name, not empty and no place for one.
    pub(crate) name: &'a str,
    /// Where the name stands.
    pub(crate) name_node: Node<'a>,
    /// The namespace, where one is written.
    pub(crate) namespace: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Reads a reference; `group` and `kind` hold where it has none.
    pub(crate) fn of(node: Node<'a>, group: &'a str, kind: &'a str) -> Option<Self> {
        let text = |key| field(node, key).and_then(|node| node.text());
        let name_node = field(node, "name")?;
        let name = name_node.text().filter(|name| !name.is_empty() && !is_placeholder(name))?;
        let namespace = text("namespace").filter(|name| !name.is_empty());
        if namespace.is_some_and(is_placeholder) {
            return None;
        }
        let group = text("group").unwrap_or(group);
        let kind = text("kind").unwrap_or(kind);
        Some(Self { group, kind, name, name_node, namespace })
    }

    /// Whether it leads to this kind of this group.
    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }

    /// The namespace it leads to from `holder`.
    pub(crate) fn namespace_from(&self, holder: ObjectView<'a>) -> Option<&'a str> {
        self.namespace.or_else(|| holder.namespace())
    }

    /// The namespace, where it is surely another one than that of `holder`.
    pub(crate) fn foreign_namespace(&self, holder: ObjectView<'_>) -> Option<&'a str> {
        self.namespace.filter(|namespace| holder.namespace().is_some_and(|own| own != *namespace))
    }
}

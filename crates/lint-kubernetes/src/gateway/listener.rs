//! Listeners of a Gateway or of a set of listeners.

use std::fmt;

use careen_kube_model::{ObjectView, field, path};
use careen_yaml::Node;

use super::Target;
use crate::relations::text;

/// Listeners of one object that are looked at; the API allows 64.
const LISTENERS: usize = 256;

/// One listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listener<'a> {
    /// The object it belongs to.
    pub(crate) holder: ObjectView<'a>,
    /// Its mapping.
    pub(crate) node: Node<'a>,
    /// Its name; empty where it has none.
    pub(crate) name: &'a str,
    /// Index in the list, from 0.
    pub(crate) index: usize,
}

/// The listeners of an object, in order.
pub(crate) fn listeners<'a>(
    holder: ObjectView<'a>,
) -> impl Iterator<Item = Listener<'a>> + use<'a> {
    let list = holder.at(&["spec", "listeners"]);
    list.into_iter().flat_map(|list| list.items()).take(LISTENERS).enumerate().map(
        move |(index, node)| {
            let name = text(node, "name").unwrap_or_default();
            Listener { holder, node, name, index }
        },
    )
}

impl<'a> Listener<'a> {
    /// `protocol`; empty where it is missing.
    pub(crate) fn protocol(&self) -> &'a str {
        text(self.node, "protocol").unwrap_or_default()
    }

    /// `port`.
    pub(crate) fn port(&self) -> Option<i64> {
        field(self.node, "port")?.as_i64()
    }

    /// `hostname`, where it is not empty: without one it takes every name.
    pub(crate) fn hostname(&self) -> Option<&'a str> {
        text(self.node, "hostname").filter(|host| !host.is_empty())
    }

    /// Whether TLS is passed through to the backend.
    pub(crate) fn passes_through(&self) -> bool {
        path(self.node, &["tls", "mode"]).and_then(|node| node.text()) == Some("Passthrough")
    }

    /// The certificates it names.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = Target<'a>> + use<'a> {
        let list = path(self.node, &["tls", "certificateRefs"]);
        let list = list.into_iter().flat_map(|list| list.items()).take(LISTENERS);
        list.filter_map(|node| Target::of(node, "", "Secret"))
    }

    /// The CAs it names to judge clients by, where they stood while that was tried out.
    pub(crate) fn client_authorities(&self) -> impl Iterator<Item = Target<'a>> + use<'a> {
        authorities(path(self.node, &["tls", "frontendValidation"]))
    }

    /// The listener for a message: "listener `https` of Gateway `infra/edge`".
    pub(crate) fn display(&self) -> impl fmt::Display + use<'a> {
        Display(*self)
    }
}

/// What a Gateway names for all of its listeners: the CAs to judge clients by, and the certificate
/// that it shows to backends.
pub(crate) fn gateway_wide<'a>(
    holder: ObjectView<'a>,
) -> impl Iterator<Item = Target<'a>> + use<'a> {
    let frontend = holder.at(&["spec", "tls", "frontend"]);
    let of = move |keys: &[&str]| frontend.and_then(|frontend| path(frontend, keys));
    let ports = of(&["perPort"]).into_iter().flat_map(|ports| ports.items()).take(LISTENERS);
    let ports = ports.flat_map(|port| authorities(path(port, &["tls", "validation"])));
    let own = holder.at(&["spec", "tls", "backend", "clientCertificateRef"]);
    let own = own.and_then(|node| Target::of(node, "", "Secret"));
    authorities(of(&["default", "validation"])).chain(ports).chain(own)
}

fn authorities<'a>(validation: Option<Node<'a>>) -> impl Iterator<Item = Target<'a>> + use<'a> {
    let list = validation.and_then(|validation| field(validation, "caCertificateRefs"));
    let list = list.into_iter().flat_map(|list| list.items()).take(LISTENERS);
    list.filter_map(|node| Target::of(node, "", "ConfigMap"))
}

struct Display<'a>(Listener<'a>);

impl fmt::Display for Display<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(listener) = self;
        match listener.name {
            "" => write!(formatter, "listener {}", listener.index + 1)?,
            name => write!(formatter, "listener `{name}`")?,
        }
        write!(formatter, " of {}", listener.holder.display())
    }
}

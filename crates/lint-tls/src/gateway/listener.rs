//! Listeners of a Gateway or of a set of listeners.

use std::fmt;

use careen_kube_model::{field, path};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::endpoints::{SecretName, named};
use crate::ingress::is_plain;
use crate::names::Shown;
use crate::served::{Served, served};

/// Listeners of one object that are looked at; the API allows 64.
const LISTENERS: usize = 256;
/// Certificates of one listener that are looked at; the API allows 64, and hardly any has two.
const REFERENCES: usize = 64;

/// One listener.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listener<'a> {
    /// The object it belongs to.
    pub(crate) object: ObjectRef<'a>,
    /// Its mapping.
    pub(crate) node: Node<'a>,
    /// Its name; empty where it has none.
    pub(crate) name: &'a str,
    /// Index in the list, from 0.
    pub(crate) index: usize,
}

/// The listeners of an object, in order.
pub(crate) fn listeners(object: ObjectRef<'_>) -> impl Iterator<Item = Listener<'_>> {
    let list = object.view.at(&["spec", "listeners"]);
    list.into_iter().flat_map(|list| list.items()).take(LISTENERS).enumerate().map(
        move |(index, node)| {
            let name = field(node, "name").and_then(|name| name.text()).unwrap_or_default();
            Listener { object, node, name, index }
        },
    )
}

impl<'a> Listener<'a> {
    /// `protocol`; empty where it is missing.
    pub(crate) fn protocol(&self) -> &'a str {
        field(self.node, "protocol").and_then(|node| node.text()).unwrap_or_default()
    }

    /// `port`.
    pub(crate) fn port(&self) -> Option<i64> {
        field(self.node, "port")?.as_i64()
    }

    /// `hostname` with its node, where it is not empty: without one it takes every name.
    pub(crate) fn hostname(&self) -> Option<(&'a str, Node<'a>)> {
        named(self.node, &["hostname"])
    }

    /// Whether TLS is passed through to the backend.
    pub(crate) fn passes_through(&self) -> bool {
        path(self.node, &["tls", "mode"]).and_then(|node| node.text()) == Some("Passthrough")
    }

    /// Whether TLS ends here, so that the listener's certificates are shown.
    pub(crate) fn ends_tls(&self) -> bool {
        matches!(self.protocol(), "HTTPS" | "TLS") && !self.passes_through()
    }

    /// The Secrets with its certificates; none in place of what is no Secret or a variable.
    pub(crate) fn references(&self) -> impl Iterator<Item = Option<SecretName<'a>>> + use<'a> {
        let own = self.object.view.namespace();
        let list = path(self.node, &["tls", "certificateRefs"]);
        list.into_iter().flat_map(|list| list.items()).take(REFERENCES).map(move |reference| {
            let is =
                |key, wanted: &str| named(reference, &[key]).is_none_or(|(text, _)| text == wanted);
            let (name, node) = named(reference, &["name"]).filter(|(name, _)| is_plain(name))?;
            let namespace = named(reference, &["namespace"]).map(|(namespace, _)| namespace);
            let group = field(reference, "group").and_then(|group| group.text());
            let secret = is("kind", "Secret") && group.is_none_or(str::is_empty);
            secret.then_some(SecretName { namespace: namespace.or(own), name, node })
        })
    }

    /// Its certificates, if the repository has something for each of its references.
    pub(crate) fn certificates<'s: 'a>(&self, snapshot: &'s Snapshot) -> Option<Vec<Served<'a>>> {
        let mut all = Vec::new();
        for reference in self.references() {
            let reference = reference?;
            let found = served(snapshot, reference.namespace, reference.name);
            if found.is_empty() {
                return None;
            }
            all.extend(found);
        }
        (!all.is_empty()).then_some(all)
    }

    /// Where the listener is named.
    pub(crate) fn place(&self) -> Node<'a> {
        field(self.node, "name").unwrap_or(self.node)
    }

    /// The listener for a message: "listener `https` of Gateway `infra/edge`".
    pub(crate) fn display(&self) -> impl fmt::Display + use<'a> {
        Display(*self)
    }
}

struct Display<'a>(Listener<'a>);

impl fmt::Display for Display<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(listener) = self;
        match listener.name {
            "" => write!(formatter, "listener {}", listener.index + 1)?,
            name => write!(formatter, "listener `{}`", Shown(name))?,
        }
        write!(formatter, " of {}", listener.object.view.display())
    }
}

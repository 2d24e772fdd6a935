//! The servers of Istio's Gateways.

use std::fmt;

use careen_kube_model::{field, path, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use super::NETWORKING;
use crate::endpoints::{items, named};
use crate::ingress::is_plain;
use crate::names::Shown;

/// Servers of one Gateway that are looked at.
const SERVERS: usize = 500;
/// Credentials of one server that are looked at; the API allows two.
const CREDENTIALS: usize = 8;

/// One server: a port with hosts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server<'a> {
    /// The Gateway.
    pub(crate) gateway: ObjectRef<'a>,
    /// Its mapping.
    pub(crate) node: Node<'a>,
    /// Index in the list, from 0.
    pub(crate) index: usize,
}

/// Istio's Gateways.
pub(crate) fn gateways(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    snapshot.of_kind("Gateway").filter(|object| object.view.group() == NETWORKING)
}

/// The servers of a Gateway, in order.
pub(crate) fn servers(gateway: ObjectRef<'_>) -> impl Iterator<Item = Server<'_>> {
    let list = items(gateway.view, &["spec", "servers"]).take(SERVERS).enumerate();
    list.map(move |(index, node)| Server { gateway, node, index })
}

impl<'a> Server<'a> {
    /// The hosts without the namespaces that may stand before them; variables are left out.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let list = field(self.node, "hosts").into_iter().flat_map(strings);
        let list = list.map(|(host, node)| (host.rsplit('/').next().unwrap_or(host), node));
        list.filter(|(host, _)| is_plain(host))
    }

    /// `port.number`.
    pub(crate) fn port(&self) -> Option<i64> {
        path(self.node, &["port", "number"])?.as_i64()
    }

    /// Whether `port.protocol` is this one.
    pub(crate) fn speaks(&self, protocol: &str) -> bool {
        let own = path(self.node, &["port", "protocol"]).and_then(|node| node.text());
        own.is_some_and(|own| own.eq_ignore_ascii_case(protocol))
    }

    /// A field of `tls`.
    pub(crate) fn tls(&self, key: &str) -> Option<Node<'a>> {
        path(self.node, &["tls", key])
    }

    /// `tls.mode` with its node.
    pub(crate) fn mode(&self) -> Option<(&'a str, Node<'a>)> {
        named(self.node, &["tls", "mode"])
    }

    /// Whether TLS ends here with a certificate that the Gateway says.
    pub(crate) fn ends_tls(&self) -> bool {
        self.mode().is_some_and(|(mode, _)| matches!(mode, "SIMPLE" | "MUTUAL" | "OPTIONAL_MUTUAL"))
    }

    /// The Secrets with its certificates: one, or one for each kind of key. Variables and what
    /// leads elsewhere are left out.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let one = named(self.node, &["tls", "credentialName"]);
        let many = self.tls("credentialNames").into_iter().flat_map(strings).take(CREDENTIALS);
        one.into_iter().chain(many).filter(|(name, _)| is_plain(name) && !name.contains(':'))
    }

    /// Where the server is named: its port's name, else its port's number.
    pub(crate) fn place(&self) -> Node<'a> {
        let port = field(self.node, "port");
        let own = port.and_then(|port| field(port, "name").or_else(|| field(port, "number")));
        own.or(port).unwrap_or(self.node)
    }

    /// The server for a message: "server `https` of Gateway `infra/edge`".
    pub(crate) fn display(&self) -> impl fmt::Display + use<'a> {
        Display(*self)
    }
}

struct Display<'a>(Server<'a>);

impl fmt::Display for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(server) = self;
        match (named(server.node, &["port", "name"]), server.port()) {
            (Some((name, _)), _) => write!(f, "server `{}`", Shown(name))?,
            (None, Some(port)) => write!(f, "server on port {port}")?,
            (None, None) => write!(f, "server {}", server.index + 1)?,
        }
        write!(f, " of {}", server.gateway.view.display())
    }
}

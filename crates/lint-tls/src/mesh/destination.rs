//! How DestinationRules speak TLS with a host.

use careen_kube_model::{field, path};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use super::NETWORKING;
use crate::endpoints::{items, named};
use crate::ingress::is_plain;

/// Subsets and ports of one rule that are looked at.
const ENTRIES: usize = 200;

/// The DestinationRules.
pub(crate) fn destination_rules(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    snapshot.of_kind("DestinationRule").filter(|object| object.view.group() == NETWORKING)
}

/// A `tls` of a traffic policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TlsSettings<'a> {
    /// Its mapping.
    pub(crate) node: Node<'a>,
    /// The one port it is for; none where it is for all.
    pub(crate) port: Option<i64>,
}

/// Every `tls` of a DestinationRule: of its own policy and of those of its subsets, for all ports
/// and for single ones.
pub(crate) fn tls_settings(rule: ObjectRef<'_>) -> impl Iterator<Item = TlsSettings<'_>> {
    let own = rule.view.at(&["spec", "trafficPolicy"]);
    let subsets = items(rule.view, &["spec", "subsets"]).take(ENTRIES);
    let policies = own.into_iter().chain(subsets.filter_map(|each| field(each, "trafficPolicy")));
    policies.flat_map(|policy| {
        let all = field(policy, "tls").map(|node| TlsSettings { node, port: None });
        let ports = field(policy, "portLevelSettings").into_iter().flat_map(|list| list.items());
        let ports = ports.take(ENTRIES).filter_map(|each| {
            let port = path(each, &["port", "number"]).and_then(|port| port.as_i64());
            Some(TlsSettings { node: field(each, "tls")?, port })
        });
        all.into_iter().chain(ports)
    })
}

impl<'a> TlsSettings<'a> {
    /// `mode` with its node. Without one it is `DISABLE`.
    pub(crate) fn mode(&self) -> Option<(&'a str, Node<'a>)> {
        named(self.node, &["mode"])
    }

    /// Whether the server shows a certificate that is not Istio's own.
    pub(crate) fn originates(&self) -> bool {
        self.mode().is_some_and(|(mode, _)| matches!(mode, "SIMPLE" | "MUTUAL"))
    }

    /// A field that is a text and not empty.
    pub(crate) fn text(&self, key: &str) -> Option<(&'a str, Node<'a>)> {
        named(self.node, &[key])
    }

    /// Whether the server's certificate is deliberately not verified, with the node that says so.
    pub(crate) fn skips_verification(&self) -> Option<Node<'a>> {
        field(self.node, "insecureSkipVerify").filter(|node| node.as_bool() == Some(true))
    }

    /// Whether names are listed that the server's certificate must have.
    pub(crate) fn names_subjects(&self) -> bool {
        field(self.node, "subjectAltNames").is_some_and(|list| list.items().next().is_some())
    }
}

/// The Services that a host stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host<'a> {
    /// One.
    Service { name: &'a str, namespace: Option<&'a str> },
    /// All of a namespace.
    Namespace(&'a str),
}

/// The Services that the host of a rule stands for, if it is one in the cluster. Istio completes
/// only names without a dot.
pub(crate) fn host<'a>(host: &'a str, own: Option<&'a str>) -> Option<Host<'a>> {
    if !is_plain(host) {
        return None;
    }
    if !host.contains('.') {
        return (host != "*").then_some(Host::Service { name: host, namespace: own });
    }
    let short = host.strip_suffix(".svc.cluster.local").or_else(|| host.strip_suffix(".svc"))?;
    let (name, namespace) = short.split_once('.')?;
    if namespace.contains('.') {
        return None;
    }
    Some(match name {
        "*" => Host::Namespace(namespace),
        name => Host::Service { name, namespace: Some(namespace) },
    })
}

#[cfg(test)]
mod tests {
    use super::{Host, host};

    #[test]
    fn hosts_in_the_cluster() {
        let service = |name, namespace| Some(Host::Service { name, namespace });
        assert_eq!(host("web", Some("shop")), service("web", Some("shop")));
        assert_eq!(host("web", None), service("web", None));
        assert_eq!(host("web.shop.svc", None), service("web", Some("shop")));
        assert_eq!(host("web.shop.svc.cluster.local", None), service("web", Some("shop")));
        assert_eq!(host("*.shop.svc.cluster.local", None), Some(Host::Namespace("shop")));
        for other in ["*", "*.local", "api.example.com", "web.shop", "${X}", "", "a.b.c.svc"] {
            assert_eq!(host(other, None), None, "{other}");
        }
    }
}

//! What an Ingress says about TLS.

use std::collections::BTreeSet;

use careen_kube_model::{ObjectView, field, strings};
use careen_yaml::Node;

/// Whether the object is a Kubernetes Ingress, of any version there ever was.
pub(crate) fn is_ingress(view: ObjectView<'_>) -> bool {
    view.is("networking.k8s.io", "Ingress") || view.is("extensions", "Ingress")
}

/// The class: which controller serves the Ingress.
pub(crate) fn class(view: ObjectView<'_>) -> Option<&str> {
    let field = view.at(&["spec", "ingressClassName"]).and_then(|class| class.text());
    field
        .or_else(|| view.annotations().get("kubernetes.io/ingress.class"))
        .filter(|class| !class.is_empty())
}

/// Annotations by which TLS ends somewhere else than `spec.tls` says: cloud load balancers with
/// certificates of their own, passthrough, and routers that are told so.
const ELSEWHERE: &[&str] = &[
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "ingress.kubernetes.io/ssl-passthrough",
    "networking.gke.io/managed-certificates",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "route.openshift.io/termination",
    "traefik.ingress.kubernetes.io/router.tls",
];

/// Whether an annotation of the Ingress says that TLS ends by other means than `spec.tls`.
pub(crate) fn ends_elsewhere(view: ObjectView<'_>) -> bool {
    let annotations = view.annotations();
    let says =
        |name: &&str| annotations.get(name).is_some_and(|value| !matches!(value, "" | "false"));
    // The load balancer finds a certificate by the host where only the port is given.
    let ports = annotations.get("alb.ingress.kubernetes.io/listen-ports");
    ELSEWHERE.iter().any(says) || ports.is_some_and(|ports| ports.contains("HTTPS"))
}

/// An entry of `spec.tls`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TlsEntry<'a> {
    node: Node<'a>,
}

impl<'a> TlsEntry<'a> {
    /// The hosts, which share the certificate; none leaves the choice to the controller.
    pub(crate) fn hosts(self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        field(self.node, "hosts").into_iter().flat_map(strings).filter(|(host, _)| !host.is_empty())
    }

    /// Whether a Secret is named, be it by a variable.
    pub(crate) fn has_secret(self) -> bool {
        field(self.node, "secretName")
            .is_some_and(|node| node.text().is_some_and(|text| !text.is_empty()))
    }

    /// The Secret's name.
    pub(crate) fn secret(self) -> Option<(&'a str, Node<'a>)> {
        let node = field(self.node, "secretName")?;
        node.text().filter(|name| is_plain(name)).map(|name| (name, node))
    }
}

/// The entries of `spec.tls`.
pub(crate) fn tls(view: ObjectView<'_>) -> impl Iterator<Item = TlsEntry<'_>> {
    view.at(&["spec", "tls"]).into_iter().flat_map(|tls| tls.items()).map(|node| TlsEntry { node })
}

/// The hosts of `spec.rules`.
pub(crate) fn rule_hosts<'a>(
    view: ObjectView<'a>,
) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    view.at(&["spec", "rules"])
        .into_iter()
        .flat_map(|rules| rules.items())
        .filter_map(|rule| field(rule, "host"))
        .filter_map(|host| Some((host.text()?, host)))
        .filter(|(host, _)| !host.is_empty())
}

/// Whether the name stands in the manifest as it is, not as a variable of some tool.
pub(crate) fn is_plain(name: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'*' | b':');
    !name.is_empty() && name.bytes().all(plain)
}

/// Names of hosts, to be asked for many others at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostSet {
    names: BTreeSet<String>,
    /// Everything behind the first label of a name.
    parents: BTreeSet<String>,
    /// Whether one of them is a variable of some tool, and so may be any name.
    variable: bool,
}

impl<'a> FromIterator<&'a str> for HostSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(hosts: I) -> Self {
        let mut set = Self::default();
        for host in hosts {
            let name = host.to_ascii_lowercase();
            if let Some((_, parent)) = name.split_once('.') {
                set.parents.insert(parent.to_owned());
            }
            set.names.insert(name);
            set.variable |= !is_plain(host);
        }
        set
    }
}

impl HostSet {
    /// Whether the host, or the wildcard above it, is in the set.
    pub(crate) fn lists(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let above = || host.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        self.variable
            || self.names.contains(&host)
            || above().is_some_and(|above| self.names.contains(&above))
    }

    /// As [`HostSet::lists`], and also whether a host below the wildcard `host` is in the set.
    pub(crate) fn meets(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.lists(&host)
            || host.strip_prefix("*.").is_some_and(|parent| self.parents.contains(parent))
    }
}

#[cfg(test)]
mod tests {
    use super::{HostSet, is_plain};

    #[test]
    fn wildcards_list_one_label() {
        let set: HostSet = ["Shop.example.com", "*.b.example.com"].into_iter().collect();
        for host in ["shop.Example.com", "a.b.example.com", "*.b.example.com"] {
            assert!(set.lists(host) && set.meets(host), "{host}");
        }
        for host in ["b.example.com", "x.a.b.example.com", "example.com", "com", ""] {
            assert!(!set.lists(host) && !set.meets(host), "{host}");
        }
        assert!(set.meets("*.example.com") && !set.lists("*.example.com"));
    }

    #[test]
    fn variables_are_no_names() {
        assert!(is_plain("*.example.com"));
        assert!(!is_plain("${HOST}"));
        assert!(!is_plain("HOST_NAME"));
        let set: HostSet = ["${HOST}"].into_iter().collect();
        assert!(set.lists("shop.example.com"));
    }
}

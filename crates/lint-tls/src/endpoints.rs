//! Who serves which host with the certificate of which Secret: Ingress, Gateway API, Istio,
//! Traefik, Contour and NGINX's own objects, in one shape.

use careen_kube_model::{ObjectView, field, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::ingress::{is_ingress, is_plain, rule_hosts, tls};

/// A Secret as an object names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecretName<'a> {
    /// None where it may be any, as for Istio, whose gateways look beside their pods.
    pub(crate) namespace: Option<&'a str>,
    pub(crate) name: &'a str,
    pub(crate) node: Node<'a>,
}

/// A host that is served over TLS.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint<'a> {
    pub(crate) object: ObjectRef<'a>,
    pub(crate) host: &'a str,
    /// Where the host stands; for Traefik the whole expression.
    pub(crate) host_node: Node<'a>,
    pub(crate) secret: SecretName<'a>,
}

/// The kinds that have endpoints.
const KINDS: [&str; 5] = ["Gateway", "HTTPProxy", "Ingress", "IngressRoute", "VirtualServer"];

/// All hosts that are served with the certificate of a Secret that is named, by kind, then in
/// order of path and place. Names that are variables of some tool are left out.
pub(crate) fn endpoints(snapshot: &Snapshot) -> impl Iterator<Item = Endpoint<'_>> {
    KINDS.into_iter().flat_map(|kind| snapshot.of_kind(kind)).flat_map(of_object)
}

/// The endpoints of one object.
pub(crate) fn of_object(object: ObjectRef<'_>) -> Vec<Endpoint<'_>> {
    let mut found = Vec::new();
    let view = object.view;
    match view.kind() {
        "Ingress" if is_ingress(view) => of_ingress(object, &mut found),
        "Gateway" if view.group() == "gateway.networking.k8s.io" => of_gateway(object, &mut found),
        "Gateway" if view.group() == "networking.istio.io" => of_istio(object, &mut found),
        "IngressRoute" => of_traefik(object, &mut found),
        "HTTPProxy" => of_contour(object, &mut found),
        "VirtualServer" if view.group() == "k8s.nginx.org" => of_nginx(object, &mut found),
        _ => {}
    }
    found.retain(|endpoint| is_plain(endpoint.host) && is_plain(endpoint.secret.name));
    found
}

fn of_ingress<'a>(object: ObjectRef<'a>, found: &mut Vec<Endpoint<'a>>) {
    for entry in tls(object.view) {
        let Some((name, node)) = entry.secret() else { continue };
        let secret = SecretName { namespace: object.view.namespace(), name, node };
        // Without hosts an entry is for what the rules say.
        let rules = entry.hosts().next().is_none().then(|| rule_hosts(object.view));
        for (host, host_node) in entry.hosts().chain(rules.into_iter().flatten()) {
            found.push(Endpoint { object, host, host_node, secret });
        }
    }
}

fn of_gateway<'a>(object: ObjectRef<'a>, found: &mut Vec<Endpoint<'a>>) {
    for listener in items(object.view, &["spec", "listeners"]) {
        let Some((host, host_node)) = named(listener, &["hostname"]) else { continue };
        let references = listener.at(&["tls", "certificateRefs"]);
        for reference in references.into_iter().flat_map(|list| list.items()) {
            if named(reference, &["kind"]).is_some_and(|(kind, _)| kind != "Secret") {
                continue;
            }
            let Some((name, node)) = named(reference, &["name"]) else { continue };
            let namespace = named(reference, &["namespace"]).map(|(namespace, _)| namespace);
            let namespace = namespace.or(object.view.namespace());
            let secret = SecretName { namespace, name, node };
            found.push(Endpoint { object, host, host_node, secret });
        }
    }
}

fn of_istio<'a>(object: ObjectRef<'a>, found: &mut Vec<Endpoint<'a>>) {
    for server in items(object.view, &["spec", "servers"]) {
        let Some((name, node)) = named(server, &["tls", "credentialName"]) else { continue };
        let secret = SecretName { namespace: None, name, node };
        for (host, host_node) in field(server, "hosts").into_iter().flat_map(strings) {
            // A namespace may stand before the host.
            let host = host.rsplit('/').next().unwrap_or(host);
            found.push(Endpoint { object, host, host_node, secret });
        }
    }
}

fn of_traefik<'a>(object: ObjectRef<'a>, found: &mut Vec<Endpoint<'a>>) {
    let Some((name, node)) = named(object.view.root(), &["spec", "tls", "secretName"]) else {
        return;
    };
    let secret = SecretName { namespace: object.view.namespace(), name, node };
    for route in items(object.view, &["spec", "routes"]) {
        let Some((expression, host_node)) = named(route, &["match"]) else { continue };
        for host in traefik_hosts(expression) {
            found.push(Endpoint { object, host, host_node, secret });
        }
    }
}

/// The hosts of Traefik's matchers: `Host(`a`, `b`)`, also in double quotes.
pub(crate) fn traefik_hosts(expression: &str) -> impl Iterator<Item = &str> {
    expression.split("Host(").skip(1).flat_map(|rest| {
        let arguments = rest.split(')').next().unwrap_or_default();
        arguments
            .split(',')
            .map(|argument| argument.trim().trim_matches(['`', '"', '\'']))
            .filter(|host| !host.is_empty())
    })
}

fn of_contour<'a>(object: ObjectRef<'a>, found: &mut Vec<Endpoint<'a>>) {
    let host = object.view.at(&["spec", "virtualhost"]);
    let Some(host) = host else { return };
    let named_host = named(host, &["fqdn"]).zip(named(host, &["tls", "secretName"]));
    if let Some(((host, host_node), (name, node))) = named_host {
        let (namespace, name) = match name.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (object.view.namespace(), name),
        };
        let secret = SecretName { namespace, name, node };
        found.push(Endpoint { object, host, host_node, secret });
    }
}

fn of_nginx<'a>(object: ObjectRef<'a>, found: &mut Vec<Endpoint<'a>>) {
    let root = object.view.root();
    let both = named(root, &["spec", "host"]).zip(named(root, &["spec", "tls", "secret"]));
    if let Some(((host, host_node), (name, node))) = both {
        let secret = SecretName { namespace: object.view.namespace(), name, node };
        found.push(Endpoint { object, host, host_node, secret });
    }
}

/// The items of a list.
pub(crate) fn items<'a>(
    view: ObjectView<'a>,
    path: &[&str],
) -> impl Iterator<Item = Node<'a>> + use<'a> {
    view.at(path).into_iter().flat_map(|list| list.items())
}

/// A text that is there and not empty, with its node.
pub(crate) fn named<'a>(node: Node<'a>, path: &[&str]) -> Option<(&'a str, Node<'a>)> {
    let node = careen_kube_model::path(node, path)?;
    node.text().filter(|text| !text.is_empty()).map(|text| (text, node))
}

#[cfg(test)]
mod tests {
    use super::traefik_hosts;

    #[test]
    fn matchers_name_hosts() {
        let hosts = |text| traefik_hosts(text).collect::<Vec<_>>();
        assert_eq!(hosts("Host(`a.b`) && PathPrefix(`/x`)"), ["a.b"]);
        assert_eq!(hosts("Host(`a.b`, `c.d`) || Host(\"e.f\")"), ["a.b", "c.d", "e.f"]);
        assert_eq!(hosts("PathPrefix(`/`)").len(), 0);
        assert_eq!(hosts("Host(").len(), 0);
    }
}

//! What Traefik's objects say about TLS.

use careen_kube_model::{ObjectView, field};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::endpoints::named;

/// Whether the object is Traefik's own, of either of its groups.
pub(crate) fn is_traefik(view: ObjectView<'_>) -> bool {
    matches!(view.group(), "traefik.io" | "traefik.containo.us")
}

/// The objects that route connections and may end TLS, with their `spec.tls`.
pub(crate) fn routers(snapshot: &Snapshot) -> impl Iterator<Item = (ObjectRef<'_>, Node<'_>)> {
    ["IngressRoute", "IngressRouteTCP"]
        .into_iter()
        .flat_map(|kind| snapshot.of_kind(kind))
        .filter(|object| is_traefik(object.view))
        .filter_map(|object| Some((object, object.view.at(&["spec", "tls"])?)))
}

/// The hosts of a router, each with the expression it stands in.
pub(crate) fn hosts<'a>(view: ObjectView<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> {
    let routes = view.at(&["spec", "routes"]);
    let routes = routes.into_iter().flat_map(|routes| routes.items());
    routes.filter_map(|route| named(route, &["match"])).flat_map(|(expression, node)| {
        let sni =
            expression.split("HostSNI(").skip(1).filter_map(|rest| rest.split(['`', '"']).nth(1));
        let hosts: Vec<_> = crate::endpoints::traefik_hosts(expression).chain(sni).collect();
        hosts.into_iter().map(move |host| (host, node))
    })
}

/// Whether connections go through unread.
pub(crate) fn passes_through(tls: Node<'_>) -> bool {
    field(tls, "passthrough").and_then(|node| node.as_bool()) == Some(true)
}

//! What users come in by: Ingresses, routes of gateways, load balancers.

use careen_kube_model::{ObjectView, field, path, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::exposure::Exposure;
use crate::gateway::{Backend, Parent, routes};
use crate::relations::{Workloads, backends, selector_of, text};

/// The first door that leads to each workload, in the order of the workloads.
pub(crate) fn doors<'a>(
    snapshot: &'a Snapshot,
    workloads: &Workloads<'a>,
) -> Vec<Option<ObjectRef<'a>>> {
    let mut found = vec![None; workloads.iter().len()];
    let exposure = Exposure::of(snapshot);
    let mut note = |door: ObjectRef<'a>, indexes: Vec<usize>| {
        for index in indexes {
            if let Some(place) = found.get_mut(index) {
                place.get_or_insert(door);
            }
        }
    };
    for (door, services) in ways(snapshot) {
        for (namespace, name) in services {
            note(door, exposure.indexes(namespace, name));
        }
    }
    for service in load_balancers(snapshot) {
        let Some(selector) = selector_of(service.view) else { continue };
        let selected = workloads.selected(service.view.namespace(), &selector);
        note(service, selected.unwrap_or_default());
    }
    found
}

/// The Services that ask for a load balancer.
pub(crate) fn load_balancers(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    snapshot.of_kind("Service").filter(|object| {
        object.view.group().is_empty()
            && object.view.spec().and_then(|spec| text(spec, "type")) == Some("LoadBalancer")
    })
}

/// A Service by its namespace and name.
type Name<'a> = (Option<&'a str>, &'a str);

/// Ingresses and routes, each with the Services it leads to.
fn ways(snapshot: &Snapshot) -> Vec<(ObjectRef<'_>, Vec<Name<'_>>)> {
    let mut ways = Vec::new();
    for object in snapshot.of_kind("Ingress") {
        let view = object.view;
        if matches!(view.group(), "networking.k8s.io" | "extensions") {
            let services = backends(view).map(|backend| (view.namespace(), backend.name));
            ways.push((object, services.collect()));
        }
    }
    for object in routes(snapshot) {
        let view = object.view;
        if crate::gateway::parents(view).any(|parent| Parent::is_gateway(&parent)) {
            let services = crate::gateway::backends(view)
                .filter(Backend::is_service)
                .map(|backend| (backend.target.namespace_from(view), backend.target.name));
            ways.push((object, services.collect()));
        }
    }
    for object in snapshot.of_kind("VirtualService") {
        if object.view.group() == "networking.istio.io" && is_at_a_gateway(object.view) {
            ways.push((object, destinations(object.view).collect()));
        }
    }
    for (group, kind) in [
        ("route.openshift.io", "Route"),
        ("projectcontour.io", "HTTPProxy"),
        ("traefik.io", "IngressRoute"),
        ("traefik.containo.us", "IngressRoute"),
    ] {
        for object in snapshot.of_kind(kind).filter(|object| object.view.group() == group) {
            ways.push((object, of_controller(object.view)));
        }
    }
    ways
}

/// The Services of an OpenShift Route, a Contour HTTPProxy or a Traefik IngressRoute.
fn of_controller(view: ObjectView<'_>) -> Vec<Name<'_>> {
    let own = view.at(&["spec", "to"]).and_then(|to| text(to, "name"));
    let routes = view.at(&["spec", "routes"]);
    let services = routes
        .into_iter()
        .flat_map(|routes| routes.items())
        .filter_map(|route| field(route, "services"))
        .flat_map(|services| services.items())
        .filter_map(|service| {
            let namespace = text(service, "namespace").or_else(|| view.namespace());
            Some((namespace, text(service, "name")?))
        });
    own.map(|name| (view.namespace(), name)).into_iter().chain(services).collect()
}

/// Whether a VirtualService is for a gateway and not only for the mesh.
pub(crate) fn is_at_a_gateway(view: ObjectView<'_>) -> bool {
    let gateways = view.at(&["spec", "gateways"]);
    gateways.is_some_and(|list| strings(list).any(|(name, _)| name != "mesh"))
}

/// The Services of a VirtualService: `web`, `web.shop`, `web.shop.svc.cluster.local`.
pub(crate) fn destinations<'a>(view: ObjectView<'a>) -> impl Iterator<Item = Name<'a>> + use<'a> {
    let rules = ["http", "tls", "tcp"].into_iter().filter_map(move |key| {
        let spec = view.spec()?;
        field(spec, key)
    });
    rules
        .flat_map(|rules| rules.items())
        .filter_map(|rule| field(rule, "route"))
        .flat_map(|routes| routes.items())
        .filter_map(|route: Node<'_>| text(path(route, &["destination"])?, "host"))
        .map(move |host| {
            let mut labels = host.split('.');
            let name = labels.next().unwrap_or_default();
            (labels.next().or_else(|| view.namespace()), name)
        })
}

//! Services and what leads to them.

use careen_kube_model::{IntOrString, ObjectView, Selector, field, path};
use careen_model::ObjectRef;
use careen_yaml::Node;

use super::RELATED;

/// The selector of a Service that has one with entries and finds its pods by it.
pub(crate) fn selector_of(service: ObjectView<'_>) -> Option<Selector<'_>> {
    let spec = service.spec()?;
    if field(spec, "type").and_then(|node| node.text()) == Some("ExternalName") {
        return None;
    }
    let selector = Selector::map(field(spec, "selector")?);
    (!selector.is_empty()).then_some(selector)
}

/// A Service that an Ingress sends requests to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backend<'a> {
    /// The Service's name.
    pub(crate) name: &'a str,
    /// Where the name stands.
    pub(crate) name_node: Node<'a>,
    /// The Service's port, by number or name.
    pub(crate) port: Option<(IntOrString<'a>, Node<'a>)>,
}

/// The backends of an Ingress, of all its API versions.
pub(crate) fn backends<'a>(ingress: ObjectView<'a>) -> impl Iterator<Item = Backend<'a>> + use<'a> {
    let spec = ingress.spec();
    let default =
        spec.and_then(|spec| field(spec, "defaultBackend").or_else(|| field(spec, "backend")));
    let rules = spec.and_then(|spec| field(spec, "rules"));
    let paths = rules.into_iter().flat_map(|rules| rules.items());
    let paths = paths.filter_map(|rule| path(rule, &["http", "paths"]));
    let paths = paths.flat_map(|paths| paths.items());
    default.into_iter().chain(paths.filter_map(|path| field(path, "backend"))).filter_map(backend)
}

fn backend(node: Node<'_>) -> Option<Backend<'_>> {
    let read = |node| Some((IntOrString::of(node)?, node));
    let (name_node, port) = match field(node, "service") {
        Some(service) => {
            let port =
                path(service, &["port", "number"]).or_else(|| path(service, &["port", "name"]));
            (field(service, "name")?, port.and_then(read))
        }
        None => (field(node, "serviceName")?, field(node, "servicePort").and_then(read)),
    };
    let name = name_node.text().filter(|name| !name.is_empty())?;
    Some(Backend { name, name_node, port })
}

/// Whether a Service has a port; one without a list of ports (a patch) may have any.
pub(crate) fn has_port(service: ObjectRef<'_>, port: IntOrString<'_>) -> bool {
    let Some(list) = service.view.at(&["spec", "ports"]) else { return true };
    list.items().any(|item| match port {
        IntOrString::Int(number) => {
            field(item, "port").and_then(|node| node.as_i64()) == Some(number)
        }
        IntOrString::String(name) => field(item, "name").and_then(|node| node.text()) == Some(name),
    })
}

/// The ports of a Service for a message, names first.
pub(crate) fn shown_ports(service: ObjectRef<'_>) -> String {
    let list = service.view.at(&["spec", "ports"]);
    let shown: Vec<String> = list
        .iter()
        .flat_map(Node::items)
        .take(RELATED)
        .filter_map(|item| {
            let number = field(item, "port")?.text()?;
            Some(match field(item, "name").and_then(|node| node.text()) {
                Some(name) => format!("`{name}` ({number})"),
                None => format!("`{number}`"),
            })
        })
        .collect();
    if shown.is_empty() { "no port".to_owned() } else { shown.join(", ") }
}

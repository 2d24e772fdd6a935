//! Ingresses: their classes.

use careen_kube_model::ObjectView;
use careen_yaml::Node;

/// The annotation that named the class before there was a field.
const ANNOTATION: &str = "kubernetes.io/ingress.class";

/// The class of an Ingress and where it is named.
pub(crate) fn class_of<'a>(ingress: ObjectView<'a>) -> Option<(&'a str, Node<'a>)> {
    let field = ingress.at(&["spec", "ingressClassName"]);
    let node = field.or_else(|| ingress.annotations().get_node(ANNOTATION))?;
    Some((node.text()?, node))
}

/// Whether an Ingress serves anything: a patch or a shell of one does not.
pub(crate) fn serves(ingress: ObjectView<'_>) -> bool {
    ["rules", "defaultBackend", "backend"]
        .iter()
        .any(|field| ingress.at(&["spec", field]).is_some())
}

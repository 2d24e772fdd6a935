//! Places in an object that hold strings whatever they look like: labels, environment, arguments.

use careen_kube_model::{Labels, ObjectView, PodTemplate, field, path, present};
use careen_yaml::{Node, Scalar};

/// A place that holds a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// What it is, for a message.
    pub(crate) noun: &'static str,
    /// Its key or name; empty for items of a list.
    pub(crate) name: &'a str,
    /// The value.
    pub(crate) value: Node<'a>,
}

impl Place<'_> {
    /// What YAML makes of the value, if it is not a string: the API server refuses the object.
    pub(crate) fn misread(&self) -> Option<&'static str> {
        match self.value.scalar()? {
            Scalar::Bool(true) => Some("the boolean `true`"),
            Scalar::Bool(false) => Some("the boolean `false`"),
            Scalar::Int(_) | Scalar::BigInt(_) | Scalar::Float(_) => Some("a number"),
            Scalar::Null | Scalar::Str(_) => None,
        }
    }
}

/// Every such place of an object that holds a value, strings or not.
pub(crate) fn places<'a>(view: ObjectView<'a>) -> impl Iterator<Item = Place<'a>> + use<'a> {
    let own = metadata(view.metadata());
    let data = match (view.group(), view.kind()) {
        ("", "ConfigMap") => entries("value", view.at(&["data"])),
        ("", "Secret") => entries("value", view.at(&["stringData"])),
        _ => entries("", None),
    };
    let pod = view.pod_template();
    let template = pod.filter(|pod| !pod.is_object());
    let template = metadata(template.and_then(|pod| pod.metadata));
    let selector = entries("label", view.at(&["spec", "selector", "matchLabels"]));
    let node = entries("node label", pod.and_then(|pod| pod.field("nodeSelector")));
    let containers = pod.into_iter().flat_map(PodTemplate::containers).flat_map(|container| {
        let env = container
            .env()
            .filter_map(|env| Some(Place { noun: "variable", name: env.name, value: env.value? }));
        let words = container.words().map(|(_, value)| Place { noun: "argument", name: "", value });
        env.chain(words)
    });
    own.chain(data).chain(template).chain(selector).chain(node).chain(containers)
}

fn metadata<'a>(metadata: Option<Node<'a>>) -> impl Iterator<Item = Place<'a>> + use<'a> {
    let field = |key| metadata.and_then(|metadata| field(metadata, key));
    entries("label", field("labels")).chain(entries("annotation", field("annotations")))
}

fn entries<'a>(
    noun: &'static str,
    node: Option<Node<'a>>,
) -> impl Iterator<Item = Place<'a>> + use<'a> {
    Labels::new(node).iter().filter_map(move |label| {
        let value = present(label.value_node)?;
        Some(Place { noun, name: label.key, value })
    })
}

/// Whether the object is encrypted by SOPS, which adds a field of its own and changes values.
pub(crate) fn is_encrypted(view: ObjectView<'_>) -> bool {
    path(view.root(), &["sops", "mac"]).is_some()
}

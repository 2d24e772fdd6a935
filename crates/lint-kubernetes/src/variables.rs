//! The variables of containers, with those that ConfigMaps and Secrets bring.

use std::borrow::Cow;

use careen_kube_model::{Container, field, path};
use careen_model::{ObjectRef, Snapshot};
use careen_text::Span;
use careen_yaml::Node;

use crate::relations::{Names, text};

/// Variables of one container that are read.
const MOST: usize = 2_000;
/// Objects of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 20;

/// Where the value of a variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It stands in the container.
    Own,
    /// A ConfigMap has it.
    ConfigMap,
    /// A Secret has it.
    Secret,
    /// The pod itself has it: its name, its address, its limits.
    Pod,
}

/// One variable.
#[derive(Clone, Debug)]
pub(crate) struct Variable<'a> {
    /// Its name in the container.
    pub(crate) name: Cow<'a, str>,
    /// Where the container names it: the name in `env`, or that of the object in `envFrom`.
    pub(crate) at: Span,
    /// Where its value comes from.
    pub(crate) origin: Origin,
    /// The value, where the repository shows it and it is no Secret's.
    pub(crate) value: Option<Node<'a>>,
}

impl<'a> Variable<'a> {
    /// The text of the value, where it is known.
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.value?.text()
    }
}

/// Finds the variables of containers.
pub(crate) struct Variables<'a> {
    config_maps: Names<'a>,
    secrets: Names<'a>,
}

impl<'a> Variables<'a> {
    /// Of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let secrets = [
            ("", "Secret"),
            ("bitnami.com", "SealedSecret"),
            ("external-secrets.io", "ExternalSecret"),
        ];
        Self {
            config_maps: Names::of(snapshot, &[("", "ConfigMap")]),
            secrets: Names::of(snapshot, &secrets),
        }
    }

    /// The variables of a container: those of `env`, then those of `envFrom`.
    pub(crate) fn of_container(&self, container: Container<'a>) -> Vec<Variable<'a>> {
        let mut found = Vec::new();
        for variable in container.env().filter(|variable| !variable.name.is_empty()) {
            let at = field(variable.node, "name").unwrap_or(variable.node).span();
            let from = |key| variable.value_from.and_then(|from| field(from, key));
            let (origin, value) = if let Some(source) = from("configMapKeyRef") {
                (Origin::ConfigMap, self.value(container, source))
            } else if from("secretKeyRef").is_some() {
                (Origin::Secret, None)
            } else if variable.value_from.is_some() {
                (Origin::Pod, None)
            } else {
                (Origin::Own, variable.value)
            };
            found.push(Variable { name: variable.name.into(), at, origin, value });
        }
        for source in container.env_from() {
            self.of_source(container, source, &mut found);
        }
        found.truncate(MOST);
        found
    }

    /// The value of a key of a ConfigMap.
    fn value(&self, container: Container<'a>, source: Node<'a>) -> Option<Node<'a>> {
        let (name, key) = (text(source, "name")?, text(source, "key")?);
        let namespace = container.pod.object.namespace();
        let mut maps = self.config_maps.all("ConfigMap", namespace, name).take(NAMESAKES);
        maps.find_map(|map| path(map.view.root(), &["data"])?.get(key))
    }

    fn of_source(&self, container: Container<'a>, source: Node<'a>, found: &mut Vec<Variable<'a>>) {
        let prefix = text(source, "prefix").unwrap_or_default();
        let namespace = container.pod.object.namespace();
        let name_of =
            |key| path(source, &[key, "name"]).and_then(|node| Some((node.text()?, node)));
        let mut push = |key: &'a str, at, origin, value| {
            let name = match prefix {
                "" => Cow::Borrowed(key),
                prefix => Cow::Owned(format!("{prefix}{key}")),
            };
            found.push(Variable { name, at, origin, value });
        };
        if let Some((name, node)) = name_of("configMapRef") {
            for map in self.config_maps.all("ConfigMap", namespace, name).take(NAMESAKES) {
                let data = map.view.at(&["data"]);
                for entry in data.iter().flat_map(Node::entries).take(MOST) {
                    let Some(key) = entry.name() else { continue };
                    push(key, node.span(), Origin::ConfigMap, Some(entry.value));
                }
            }
        }
        if let Some((name, node)) = name_of("secretRef") {
            for kind in ["Secret", "SealedSecret", "ExternalSecret"] {
                for secret in self.secrets.all(kind, namespace, name).take(NAMESAKES) {
                    for key in keys_of(secret) {
                        push(key, node.span(), Origin::Secret, None);
                    }
                }
            }
        }
    }
}

/// The keys of a Secret, or of what makes one.
fn keys_of(secret: ObjectRef<'_>) -> Vec<&str> {
    let view = secret.view;
    let lists: &[&[&str]] = match view.kind() {
        "SealedSecret" => &[&["spec", "encryptedData"]],
        "ExternalSecret" => &[&["spec", "target", "template", "data"]],
        _ => &[&["data"], &["stringData"]],
    };
    let entries = lists.iter().filter_map(|keys| view.at(keys)).flat_map(|list| list.entries());
    let mut keys: Vec<&str> = entries.filter_map(|entry| entry.name()).take(MOST).collect();
    if view.kind() == "ExternalSecret" {
        let data = view.at(&["spec", "data"]);
        let items = data.into_iter().flat_map(|data| data.items()).take(MOST);
        keys.extend(items.filter_map(|item| text(item, "secretKey")));
    }
    keys
}

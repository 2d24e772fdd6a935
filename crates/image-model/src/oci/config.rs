use std::sync::Arc;

use careen_text::Source;
use careen_yaml::{Limits, Node, Tree};

use super::Digest;

/// The configuration of an image: what `docker inspect` calls `Config`, with its history and the
/// digests of its unpacked layers. Values keep their places in the JSON text.
#[derive(Debug)]
pub struct ImageConfig {
    tree: Tree,
}

/// A variable of the configuration's `Env`.
#[derive(Clone, Copy, Debug)]
pub struct Variable<'a> {
    /// The name in front of the `=`.
    pub name: &'a str,
    /// What follows it.
    pub value: &'a str,
    /// The whole text.
    pub node: Node<'a>,
}

/// A step of the history.
#[derive(Clone, Copy, Debug)]
pub struct HistoryStep<'a> {
    /// The command that made the layer.
    pub created_by: Option<Node<'a>>,
    /// Whether it made no layer.
    pub empty_layer: bool,
    /// The whole step.
    pub node: Node<'a>,
}

impl ImageConfig {
    /// Reads a configuration. What is malformed is absent.
    #[must_use]
    pub fn parse(source: &Arc<Source>) -> Self {
        Self { tree: careen_yaml::parse(source, &Limits::default()) }
    }

    /// The JSON text.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        self.tree.source()
    }

    /// The whole.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        self.tree.documents().next()?.root()
    }

    /// The value at a path of keys, absent where it is `null`.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<Node<'_>> {
        self.root()?.at(path).filter(|node| !node.is_null())
    }

    /// A text at a path of keys.
    #[must_use]
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str()
    }

    /// `User` as written; absent where it is empty.
    #[must_use]
    pub fn user(&self) -> Option<Node<'_>> {
        self.at(&["config", "User"]).filter(|node| node.as_str().is_some_and(|it| !it.is_empty()))
    }

    /// The variables, in their order.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> {
        let list = self.at(&["config", "Env"]).into_iter();
        list.flat_map(|list| list.items()).filter_map(|node| {
            let text = node.as_str()?;
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            Some(Variable { name, value, node })
        })
    }

    /// The value of a variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables().find(|variable| variable.name == name).map(|variable| variable.value)
    }

    /// The labels: name, value and the value's place.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str, Node<'_>)> {
        let list = self.at(&["config", "Labels"]).into_iter();
        list.flat_map(|list| list.entries())
            .filter_map(|entry| Some((entry.name()?, entry.value.as_str()?, entry.value)))
    }

    /// The value of a label.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels().find(|(label, ..)| *label == name).map(|(_, value, _)| value)
    }

    /// The keys of `ExposedPorts` or `Volumes`, each with its place.
    pub fn keys<'s>(&'s self, list: &'s str) -> impl Iterator<Item = (&'s str, Node<'s>)> {
        let map = self.at(&["config", list]).into_iter();
        map.flat_map(|map| map.entries()).filter_map(|entry| Some((entry.name()?, entry.key)))
    }

    /// The words of `Entrypoint` or `Cmd`; empty where it is absent.
    #[must_use]
    pub fn words(&self, name: &str) -> Vec<Node<'_>> {
        self.at(&["config", name]).map(|list| list.items().collect()).unwrap_or_default()
    }

    /// When the image was made, as written.
    #[must_use]
    pub fn created(&self) -> Option<&str> {
        self.text(&["created"])
    }

    /// Digests of the unpacked layers, lowest first. A malformed one is absent in its place.
    #[must_use]
    pub fn diff_ids(&self) -> Vec<Option<Digest>> {
        let list = self.at(&["rootfs", "diff_ids"]);
        let items = list.into_iter().flat_map(|list| list.items());
        items.map(|item| item.as_str().and_then(Digest::parse)).collect()
    }

    /// The steps that made the image, first one first.
    pub fn history(&self) -> impl Iterator<Item = HistoryStep<'_>> {
        let list = self.at(&["history"]).into_iter();
        list.flat_map(|list| list.items()).map(|node| HistoryStep {
            created_by: node.get("created_by").filter(|by| by.as_str().is_some()),
            empty_layer: node.get("empty_layer").and_then(|it| it.as_bool()).unwrap_or(false),
            node,
        })
    }
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::ImageConfig;

    #[test]
    fn values_keep_their_places() {
        let text = r#"{"architecture":"amd64","config":{"User":"","Env":["PATH=/bin","A=b=c"],"Labels":{"x":"y"},"ExposedPorts":{"22/tcp":{}},"Cmd":null}}"#;
        let config = ImageConfig::parse(&Source::new("config.json", text));
        assert!(config.user().is_none());
        assert_eq!(config.variable("A"), Some("b=c"));
        assert_eq!(config.label("x"), Some("y"));
        assert_eq!(
            config.keys("ExposedPorts").map(|(port, _)| port).collect::<Vec<_>>(),
            ["22/tcp"]
        );
        assert!(config.words("Cmd").is_empty());
        let variable = config.variables().nth(1).unwrap();
        assert_eq!(config.source().slice(variable.node.span()), "\"A=b=c\"");
    }

    #[test]
    fn garbage_is_empty() {
        for text in ["", "[]", "{", "\"x\"", "{\"config\":[]}"] {
            let config = ImageConfig::parse(&Source::new("config.json", text));
            assert_eq!(config.variables().count() + config.history().count(), 0, "{text}");
        }
    }
}

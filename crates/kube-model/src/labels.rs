//! Labels and annotations: string maps.

use careen_yaml::Node;

use crate::node::{field, present};

/// A map of strings in the file, such as `metadata.labels`. Values are taken as written, so that a
/// number that lacks its quotes is still found; the typed reading reports it.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    node: Option<Node<'a>>,
}

/// One entry of a [`Labels`].
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// The key.
    pub key: &'a str,
    /// The value as text; empty for `null`.
    pub value: &'a str,
    /// Where the key stands.
    pub key_node: Node<'a>,
    /// Where the value stands.
    pub value_node: Node<'a>,
}

impl<'a> Labels<'a> {
    /// The labels of a mapping; none where there is no mapping.
    #[must_use]
    pub const fn new(node: Option<Node<'a>>) -> Self {
        Self { node }
    }

    /// The labels in a field of `parent`.
    pub(crate) fn of(parent: Option<Node<'a>>, key: &str) -> Self {
        Self { node: parent.and_then(|parent| field(parent, key)) }
    }

    /// The mapping, where there is one.
    #[must_use]
    pub const fn node(self) -> Option<Node<'a>> {
        self.node
    }

    /// The value of a key.
    #[must_use]
    pub fn get(self, key: &str) -> Option<&'a str> {
        let value = self.node?.get(key)?;
        // Go decodes `null` in a map of strings as the empty string.
        if present(value).is_none() { Some("") } else { value.text() }
    }

    /// The node of a key's value.
    #[must_use]
    pub fn get_node(self, key: &str) -> Option<Node<'a>> {
        self.node?.get(key)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        self.get_node(key).is_some()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// The entries in the order of the file; what is no scalar is left out.
    pub fn iter(self) -> impl Iterator<Item = Label<'a>> + use<'a> {
        self.node.into_iter().flat_map(|node| node.entries()).filter_map(|entry| {
            let value = if present(entry.value).is_none() { "" } else { entry.value.text()? };
            Some(Label {
                key: entry.key.text()?,
                value,
                key_node: entry.key,
                value_node: entry.value,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Labels;
    use crate::testing::{root, tree};

    #[test]
    fn values_are_text_as_written() {
        let tree = tree("labels: {app: shop, port: 0080, on: yes, none: ~, list: [a]}");
        let labels = Labels::of(Some(root(&tree)), "labels");
        assert_eq!(labels.get("app"), Some("shop"));
        assert_eq!(labels.get("port"), Some("0080"));
        assert_eq!(labels.get("on"), Some("yes"));
        assert_eq!(labels.get("none"), Some(""));
        assert_eq!(labels.get("list"), None);
        assert_eq!(labels.get("absent"), None);
        assert!(labels.has("none") && !labels.has("absent"));
        let keys: Vec<_> = labels.iter().map(|label| (label.key, label.value)).collect();
        assert_eq!(keys, [("app", "shop"), ("port", "0080"), ("on", "yes"), ("none", "")]);
        assert!(Labels::of(Some(root(&tree)), "absent").is_empty());
    }
}

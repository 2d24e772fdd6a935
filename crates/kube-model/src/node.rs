//! Reading fields as the API server does: `null` is absent.

use careen_yaml::Node;

/// The node, unless it is `null` or an alias to nothing.
#[must_use]
pub fn present(node: Node<'_>) -> Option<Node<'_>> {
    (!node.is_null() && !node.is_unresolved()).then_some(node)
}

/// The value of a field that is there and not `null`.
#[must_use]
pub fn field<'a>(node: Node<'a>, key: &str) -> Option<Node<'a>> {
    node.get(key).and_then(present)
}

/// The value at the end of a path of fields, all there and not `null`.
#[must_use]
pub fn path<'a>(node: Node<'a>, keys: &[&str]) -> Option<Node<'a>> {
    keys.iter().try_fold(node, |node, key| field(node, key))
}

/// The text of a scalar field, as written.
pub(crate) fn text<'a>(node: Node<'a>, key: &str) -> Option<&'a str> {
    field(node, key)?.text()
}

/// The items of a sequence field that are not `null`; nothing where it is no sequence.
pub(crate) fn items<'a>(node: Node<'a>, key: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
    field(node, key).into_iter().flat_map(|node| node.items()).filter_map(present)
}

/// The scalars of a sequence such as `args`, each with its node.
pub fn strings<'a>(node: Node<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    node.items().filter_map(|item| Some((item.text()?, item)))
}

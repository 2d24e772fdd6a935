//! Edits of a tree's text that keep everything else: comments, order, quotes, indentation.
//!
//! Every function looks at the tree and answers with the bytes to replace, or with nothing where
//! it cannot be sure: where an alias or a merge key would change other places too, where a document
//! is incomplete, where the layout is one that people do not write. Nothing is changed here.

mod block;
mod flow;
mod place;
mod removal;
mod scalar;
mod value;

use careen_text::Span;

use crate::merge::Entry;
use crate::node::Node;
use crate::{Kind, Style};

use place::is_editable;
pub use removal::remove_entry;
use value::Grown;

/// A replacement of bytes in the text of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty for an insertion.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A value to be written.
#[derive(Clone, Copy, Debug)]
pub enum New<'v> {
    /// Written as it is: `true`, `3`.
    Raw(&'v str),
    /// A string, in quotes where it would be read as something else without.
    Text(&'v str),
    /// Keys with values.
    Map(&'v [(&'v str, Self)]),
    /// Items.
    List(&'v [Self]),
}

/// Sets the value at the end of a path of keys below a mapping; what is missing of the path is
/// made. A value that is there already is replaced if it is a scalar and the new one is too.
///
/// None for an empty path, and where the edit is not sure, see the module.
#[must_use]
pub fn set(mapping: Node<'_>, path: &[&str], value: New<'_>) -> Option<Edit> {
    let mut mapping = mapping;
    let mut path = path;
    loop {
        let (key, rest) = path.split_first()?;
        if mapping.kind() != Kind::Mapping || !is_editable(mapping) {
            return None;
        }
        let Some(entry) = own_entry(mapping, key)? else {
            return insert(mapping, key, &Grown::along(rest, value));
        };
        if rest.is_empty() && !matches!(value, New::Map(_) | New::List(_)) {
            return replace_scalar(entry.value, value);
        }
        if entry.value.is_null() {
            return fill(mapping, entry, &Grown::along(rest, value));
        }
        if rest.is_empty() {
            return None;
        }
        mapping = entry.value;
        path = rest;
    }
}

/// Adds an entry to a mapping, after its last one. None where the key is there already, itself or
/// through a merge key, and where the edit is not sure.
#[must_use]
pub fn insert_entry(mapping: Node<'_>, key: &str, value: New<'_>) -> Option<Edit> {
    if mapping.kind() != Kind::Mapping || !is_editable(mapping) || mapping.get(key).is_some() {
        return None;
    }
    insert(mapping, key, &Grown::along(&[], value))
}

/// Adds an item to a sequence, after its last one. None where the edit is not sure.
#[must_use]
pub fn append_item(sequence: Node<'_>, value: New<'_>) -> Option<Edit> {
    if sequence.kind() != Kind::Sequence || !is_editable(sequence) {
        return None;
    }
    let value = Grown::along(&[], value);
    match sequence.style() {
        Style::Flow => flow::append(sequence, &value),
        _ => block::append(sequence, &value),
    }
}

/// Replaces a scalar by another: a string keeps the quotes of the old one, everything else is
/// written plain. None for block scalars, tagged ones, collections, and where the edit is not sure.
#[must_use]
pub fn replace_scalar(node: Node<'_>, value: New<'_>) -> Option<Edit> {
    if node.kind() != Kind::Scalar || node.tag().is_some() || !is_editable(node) {
        return None;
    }
    let style = node.style();
    if node.is_missing() {
        let text = scalar::render(value, Style::Plain, false)?;
        let at = place::missing_value(node)?;
        return Some(Edit { span: Span::at(at), text: format!(" {text}") });
    }
    if matches!(style, Style::Literal | Style::Folded) {
        return None;
    }
    let text = scalar::render(value, style, flow::look(node).quoted)?;
    Some(Edit { span: node.definition_span(), text })
}

/// Puts a plain scalar into quotes, so that it is a string whatever it looks like. None for
/// scalars of several lines or with a tag, and where the edit is not sure.
#[must_use]
pub fn quote(node: Node<'_>) -> Option<Edit> {
    let plain = node.kind() == Kind::Scalar && node.style() == Style::Plain;
    if !plain || node.is_missing() || node.tag().is_some() || !is_editable(node) {
        return None;
    }
    let text = node.text()?;
    let verbatim = node.source().slice(node.definition_span()) == text;
    verbatim.then(|| Edit { span: node.definition_span(), text: scalar::quoted(text) })
}

/// The entry of this key that stands in the mapping itself; `Some(None)` where the key is nowhere,
/// `None` where a merge key brings it.
fn own_entry<'t>(mapping: Node<'t>, key: &str) -> Option<Option<Entry<'t>>> {
    let tree = mapping.tree();
    if tree.find_key(mapping.id().0, key).is_some() {
        return Some(mapping.entry(key));
    }
    mapping.entry(key).is_none().then_some(None)
}

fn insert(mapping: Node<'_>, key: &str, value: &Grown<'_>) -> Option<Edit> {
    match mapping.style() {
        Style::Flow => flow::insert(mapping, key, value),
        _ => block::insert(mapping, key, value),
    }
}

/// Writes a value where a key has none, or `null`.
fn fill(mapping: Node<'_>, entry: Entry<'_>, value: &Grown<'_>) -> Option<Edit> {
    let node = entry.value;
    if node.tag().is_some() || !is_editable(node) {
        return None;
    }
    match (node.is_missing(), mapping.style()) {
        (true, Style::Block) => block::fill(mapping, node, value),
        (true, _) => None,
        (false, _) => {
            let text = value.flow(&flow::look(node));
            Some(Edit { span: node.definition_span(), text })
        }
    }
}

//! The view of one node.

use std::sync::Arc;

use careen_text::{Derived, Source, Span};

use crate::arena::{Kind, MISSING, NONE, NodeId, RawKind, RawNode, Style};
use crate::derive;
use crate::merge::{Entries, Entry};
use crate::scalar::{Scalar, resolve};
use crate::tree::Tree;
use crate::walk::Walk;

/// A node of a tree: two words and an id, copied freely.
///
/// Aliases are followed by one step when a node is reached, so that a view is never an alias
/// (unless its anchor does not exist, see [`Node::is_unresolved`]). Trees may be cyclic through
/// aliases: recursion over nodes needs a limit, which [`Node::walk`] has.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: u32,
    /// The alias node it was reached through.
    via: u32,
}

impl<'t> Node<'t> {
    /// The node at `id`, through an alias.
    pub(crate) fn resolve(tree: &'t Tree, id: u32) -> Self {
        let target = tree.target(id);
        Self { tree, id: target, via: if target == id { NONE } else { id } }
    }

    fn raw(&self) -> Option<&'t RawNode> {
        self.tree.raw(self.id)
    }

    /// The id, that of the anchor's node where it was reached through an alias.
    #[must_use]
    pub fn id(&self) -> NodeId {
        NodeId(self.id)
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &'t Tree {
        self.tree
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &'t Arc<Source> {
        &self.tree.source
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.raw().map(|raw| raw.kind) {
            Some(RawKind::Mapping) => Kind::Mapping,
            Some(RawKind::Sequence) => Kind::Sequence,
            _ => Kind::Scalar,
        }
    }

    /// The bytes it is written with; `*name` where it was reached through an alias.
    ///
    /// Quotes and brackets are included, tags and anchors are not. A block scalar goes from its
    /// `|` or `>` to the last line that is not blank, a block sequence from its first dash and a
    /// block mapping from its first key to the end of the last value. A value that is not written
    /// is empty, right after the colon.
    #[must_use]
    pub fn span(&self) -> Span {
        let id = if self.via == NONE { self.id } else { self.via };
        self.tree.raw(id).map(RawNode::span).unwrap_or_default()
    }

    /// As [`Node::span`], but at the anchor where it was reached through an alias.
    #[must_use]
    pub fn definition_span(&self) -> Span {
        self.raw().map(RawNode::span).unwrap_or_default()
    }

    /// Whether it was reached through an alias.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.via != NONE
    }

    /// Whether it is an alias without an anchor. Such a node is a scalar without text or value.
    #[must_use]
    pub fn is_unresolved(&self) -> bool {
        self.raw().is_none_or(|raw| raw.kind == RawKind::Alias)
    }

    /// Whether the value is not written at all, as in `key:`.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.raw().is_some_and(|raw| raw.has(MISSING))
    }

    /// How it is written.
    #[must_use]
    pub fn style(&self) -> Style {
        self.raw().map_or(Style::Plain, |raw| raw.style)
    }

    /// The explicit tag: `!!str` for the tags of YAML itself, else handle and suffix (`!Ref`).
    #[must_use]
    pub fn tag(&self) -> Option<&'t str> {
        let index = self.raw()?.tag;
        self.tree.tags.get(index as usize).map(AsRef::as_ref)
    }

    /// The collection it is an item, key or value of, where it is defined.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let parent = self.raw()?.parent;
        self.tree.raw(parent).map(|_| Self { tree: self.tree, id: parent, via: NONE })
    }

    /// The value of a key of a mapping. The last of several equal keys counts, own keys go before
    /// merged-in ones. Keys are compared as written, untyped: `get("on")` finds `on:`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        self.entry(key).map(|entry| entry.value)
    }

    /// As [`Node::get`], with the key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<Entry<'t>> {
        self.tree.find_merged(self.id, key)
    }

    /// The entries of a mapping as they count: own entries in order, without overridden
    /// duplicates and without merge keys, then merged-in ones. Empty for everything else.
    #[must_use]
    pub fn entries(&self) -> Entries<'t> {
        Entries::new(self.tree, self.id)
    }

    /// The items of a sequence. Empty for everything else.
    #[must_use]
    pub fn items(&self) -> Items<'t> {
        let first = self.raw().filter(|raw| raw.kind == RawKind::Sequence);
        Items { tree: self.tree, next: first.map_or(NONE, |raw| raw.data) }
    }

    /// The value at the end of a path of keys; itself for the empty path.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(*self, |node, key| node.get(key))
    }

    /// This node and everything below it, aliases and merge keys followed, within the limits the
    /// tree was parsed with.
    #[must_use]
    pub fn walk(&self) -> Walk<'t> {
        Walk::new(*self)
    }

    /// The text of a scalar after unescaping and folding, untyped. None for collections and
    /// unresolved aliases; empty for missing values.
    #[must_use]
    pub fn text(&self) -> Option<&'t str> {
        self.tree.raw_text(self.id)
    }

    /// The scalar as Kubernetes reads it.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar<'t>> {
        Some(resolve(self.text()?, self.style(), self.tag()))
    }

    /// The text where the scalar is a string for Kubernetes: quoted, or plain and nothing else.
    #[must_use]
    pub fn as_str(&self) -> Option<&'t str> {
        match self.scalar()? {
            Scalar::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value where it is one; `yes`, `on` and `y` are.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number where it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.scalar()? {
            Scalar::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The number where it is one, whole or not.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "the caller asks for a float")]
    pub fn as_f64(&self) -> Option<f64> {
        match self.scalar()? {
            Scalar::Int(value) => Some(value as f64),
            Scalar::BigInt(value) => Some(value as f64),
            Scalar::Float(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is null: not written, `~`, `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.scalar(), Some(Scalar::Null))
    }

    /// The text of a scalar as bytes with the way back to the file: through quotes, escapes,
    /// folding and block indentation. The way leads to the anchor, not to the alias.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        derive::derive(*self)
    }
}

impl PartialEq for Node<'_> {
    /// Same place in the same tree.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id && self.via == other.via
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    /// Without the text, which may be secret.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("Node");
        debug.field("kind", &self.kind()).field("style", &self.style());
        debug.field("span", &self.span()).finish_non_exhaustive()
    }
}

/// The items of a sequence.
#[derive(Clone, Debug)]
pub struct Items<'t> {
    tree: &'t Tree,
    next: u32,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let id = self.next;
        self.next = self.tree.raw(id)?.next;
        Some(Node::resolve(self.tree, id))
    }
}

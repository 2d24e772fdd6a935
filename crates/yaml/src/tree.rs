//! The tree, its documents, comments and problems.

use std::collections::HashMap;
use std::sync::Arc;

use careen_text::{Source, Span};

use crate::arena::{MISSING, NONE, NodeId, OWNED, RawKind, RawNode};
use crate::node::Node;

/// How much of a hostile file is taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes of one file; the rest of the file is left out.
    pub max_nodes: usize,
    /// Nested collections; a deeper document is cut off there.
    pub max_depth: usize,
    /// Nodes visited through aliases and merge keys by one walk or one deserialization.
    pub max_alias_expansion: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_nodes: 5_000_000, max_depth: 255, max_alias_expansion: 200_000 }
    }
}

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line, without the line break.
    pub span: Span,
    /// The same without the `#`.
    pub text: Span,
    /// Whether nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// What is wrong with the file as YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Not YAML. The rest of the document is missing from the tree.
    Syntax,
    /// One of [`Limits`] was reached. The rest of the document or file is missing.
    Limit,
    /// `*name` without `&name` before it in the document.
    UnknownAlias,
    /// A mapping gives one key twice. The last one counts, as for the Kubernetes API server
    /// without strict validation.
    DuplicateKey,
}

/// A problem found while parsing. Of each kind at most a thousand are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: the offending character, alias or (second) key.
    pub span: Span,
    /// What.
    pub kind: ProblemKind,
    /// A sentence fragment for people.
    pub message: String,
    /// Index of the document.
    pub document: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct RawDocument {
    pub(crate) root: u32,
    pub(crate) span: Span,
    pub(crate) complete: bool,
}

/// The parsed file. Immutable; owns its nodes and shares the text.
#[derive(Debug)]
pub struct Tree {
    pub(crate) source: Arc<Source>,
    pub(crate) nodes: Vec<RawNode>,
    /// Text of scalars that does not stand verbatim in the source.
    pub(crate) pool: String,
    pub(crate) tags: Vec<Box<str>>,
    /// Scalar keys of large mappings, sorted by text, overridden and merge keys left out.
    pub(crate) indexes: HashMap<u32, Box<[u32]>>,
    /// Nodes that aliases stand for, in order.
    pub(crate) aliased: Vec<u32>,
    pub(crate) documents: Vec<RawDocument>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) limits: Limits,
}

impl Tree {
    /// The file.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The documents in order, empty and broken ones included. A file of only blanks and comments
    /// has none.
    pub fn documents(&self) -> impl Iterator<Item = Document<'_>> {
        (0..self.documents.len()).filter_map(|index| self.document(index))
    }

    /// One document.
    #[must_use]
    pub fn document(&self, index: usize) -> Option<Document<'_>> {
        self.documents.get(index).map(|&raw| Document { tree: self, index, raw })
    }

    /// All comments, by position. Those in the unread rest of a broken document are missing.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The comments inside `span`.
    #[must_use]
    pub fn comments_in(&self, span: Span) -> &[Comment] {
        let from = self.comments.partition_point(|comment| comment.span.start < span.start);
        let to = self.comments.partition_point(|comment| comment.span.end <= span.end);
        self.comments.get(from..to.max(from)).unwrap_or_default()
    }

    /// What is wrong with the file, by position.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The node with this id. An id of another tree gives some node or an empty one.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node::resolve(self, id.0)
    }

    /// Every scalar that is written in the file, once each and in order: keys and values, aliases
    /// not followed.
    pub fn scalars(&self) -> impl Iterator<Item = Node<'_>> {
        let written = |raw: &RawNode| raw.kind == RawKind::Scalar && !raw.has(MISSING);
        (0u32..)
            .zip(&self.nodes)
            .filter(move |(_, raw)| written(raw))
            .map(|(id, _)| Node::resolve(self, id))
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Bytes on the heap that this tree owns, without the source.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<RawNode>()
            + self.pool.capacity()
            + self.tags.iter().map(|tag| tag.len() + size_of::<Box<str>>()).sum::<usize>()
            + self.indexes.values().map(|index| size_of_val(&**index) + 32).sum::<usize>()
            + self.aliased.capacity() * size_of::<u32>()
            + self.documents.capacity() * size_of::<RawDocument>()
            + self.comments.capacity() * size_of::<Comment>()
            + self.problems.iter().map(|problem| problem.message.capacity()).sum::<usize>()
            + self.problems.capacity() * size_of::<Problem>()
    }

    pub(crate) fn raw(&self, id: u32) -> Option<&RawNode> {
        self.nodes.get(id as usize)
    }

    /// The node behind an alias, or the node itself.
    pub(crate) fn target(&self, id: u32) -> u32 {
        match self.raw(id) {
            Some(raw) if raw.kind == RawKind::Alias && raw.data != NONE => raw.data,
            _ => id,
        }
    }

    /// The text of a scalar; none for everything else. Aliases are not followed.
    pub(crate) fn raw_text(&self, id: u32) -> Option<&str> {
        let raw = self.raw(id)?;
        if raw.kind != RawKind::Scalar {
            return None;
        }
        let start = raw.data as usize;
        let range = start..start + raw.len as usize;
        let text = if raw.has(OWNED) { self.pool.as_str() } else { self.source.text() };
        Some(text.get(range).unwrap_or_default())
    }

    /// The text of a key, through an alias.
    pub(crate) fn key_text(&self, id: u32) -> Option<&str> {
        self.raw_text(self.target(id))
    }
}

/// One document of a file.
#[derive(Clone, Copy, Debug)]
pub struct Document<'t> {
    tree: &'t Tree,
    index: usize,
    raw: RawDocument,
}

impl<'t> Document<'t> {
    /// The topmost node; none where the document is empty.
    #[must_use]
    pub fn root(&self) -> Option<Node<'t>> {
        let raw = self.tree.raw(self.raw.root)?;
        let empty = raw.has(MISSING) && raw.tag == NONE;
        (!empty).then(|| Node::resolve(self.tree, self.raw.root))
    }

    /// The bytes of the document. Documents cover the file without gaps: the first starts at 0,
    /// each further one at its `---`, and it ends where the next one starts.
    #[must_use]
    pub fn span(&self) -> Span {
        self.raw.span
    }

    /// Place in the file, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether all of it was understood. An incomplete document holds what stood before the error
    /// or limit.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.raw.complete
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> &'t Tree {
        self.tree
    }

    /// The comments of the document.
    #[must_use]
    pub fn comments(&self) -> &'t [Comment] {
        self.tree.comments_in(self.raw.span)
    }
}

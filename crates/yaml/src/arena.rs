//! The stored form of a node: 32 bytes, linked by index.

use careen_text::Span;

/// Where a node stands in its tree's arena. Valid only for the tree it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// What a node is, once aliases are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Keys with values.
    Mapping,
    /// Items in order.
    Sequence,
    /// Text, typed or not; a missing value and an alias without anchor are scalars too.
    Scalar,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A scalar without quotes; only these are typed. Missing values are plain.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets, and every JSON collection.
    Flow,
}

/// No node, no tag.
pub(crate) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawKind {
    Mapping,
    Sequence,
    Scalar,
    /// `data` is the target, or [`NONE`] where no anchor has that name.
    Alias,
}

/// The scalar's text is in the tree's pool, not in the source.
pub(crate) const OWNED: u8 = 1;
/// The scalar is not written at all (`key:`).
pub(crate) const MISSING: u8 = 1 << 1;
/// A mapping with at least one merge key.
pub(crate) const HAS_MERGE: u8 = 1 << 2;
/// A key whose mapping gives the same key again further down.
pub(crate) const OVERRIDDEN: u8 = 1 << 3;
/// A mapping with a sorted key index.
pub(crate) const INDEXED: u8 = 1 << 4;
/// A key that is a merge key.
pub(crate) const MERGE_KEY: u8 = 1 << 5;

#[derive(Clone, Copy, Debug)]
pub(crate) struct RawNode {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Next sibling.
    pub(crate) next: u32,
    pub(crate) parent: u32,
    /// Collection: first child. Scalar: start of its text. Alias: target.
    pub(crate) data: u32,
    /// Collection: number of children, keys and values counted apart. Scalar: bytes of text.
    pub(crate) len: u32,
    /// Index into the tree's tags.
    pub(crate) tag: u32,
    pub(crate) kind: RawKind,
    pub(crate) style: Style,
    pub(crate) flags: u8,
}

impl RawNode {
    pub(crate) const fn new(kind: RawKind, style: Style, span: Span) -> Self {
        Self {
            start: span.start,
            end: span.end,
            next: NONE,
            parent: NONE,
            data: NONE,
            len: 0,
            tag: NONE,
            kind,
            style,
            flags: 0,
        }
    }

    pub(crate) const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    pub(crate) const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

// Large files have millions of nodes.
const _: () = assert!(size_of::<RawNode>() <= 48);

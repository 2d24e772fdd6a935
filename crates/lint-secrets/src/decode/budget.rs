//! How much of what is hidden in a file is read.

use crate::anchors::Anchors;

/// Decoded bytes of one file.
const MOST_BYTES: usize = 1 << 20;
/// Texts within texts.
const DEEPEST: usize = 4;
/// Inner texts of one file.
const MOST_TEXTS: usize = 20_000;

/// What may still be decoded and read of one file's inner texts, and what is looked for in them.
#[derive(Debug)]
pub(crate) struct Budget<'a> {
    /// What is looked for.
    pub(crate) anchors: &'a Anchors,
    bytes: usize,
    texts: usize,
    depth: usize,
}

impl<'a> Budget<'a> {
    /// The budget of a file.
    pub(crate) const fn of_file(anchors: &'a Anchors) -> Self {
        Self { anchors, bytes: MOST_BYTES, texts: MOST_TEXTS, depth: 0 }
    }

    /// Bytes that may still be decoded.
    pub(crate) const fn left(&self) -> usize {
        self.bytes
    }

    /// Whether so many bytes are left.
    pub(crate) const fn has(&self, bytes: usize) -> bool {
        self.bytes >= bytes
    }

    /// Takes bytes, where so many are left.
    pub(crate) const fn take(&mut self, bytes: usize) -> bool {
        let has = self.has(bytes);
        self.bytes -= if has { bytes } else { 0 };
        has
    }

    /// Goes into an inner text of so many bytes, where that is allowed. [`Budget::leave`] ends it.
    pub(crate) const fn enter(&mut self, bytes: usize) -> bool {
        if self.depth >= DEEPEST || self.texts == 0 || !self.take(bytes) {
            return false;
        }
        self.texts -= 1;
        self.depth += 1;
        true
    }

    /// Comes back from an inner text.
    pub(crate) const fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

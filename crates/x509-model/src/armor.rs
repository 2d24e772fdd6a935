//! The lines of PEM (RFC 7468): where blocks begin and end. One pass, no backtracking.

use std::ops::Range;

use memchr::memmem;

use crate::limits::MAX_LABEL;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: usize = 5;

/// Whether PEM may be in here; cheap, for use before anything is decoded.
#[must_use]
pub fn has_pem(bytes: &[u8]) -> bool {
    memmem::find(bytes, BEGIN).is_some()
}

/// A BEGIN or END marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) label: String,
    pub(crate) range: Range<usize>,
    /// Whether all five closing dashes are there.
    pub(crate) closed: bool,
}

/// A run from a BEGIN marker to its END, or to where it must stop without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) begin: Marker,
    pub(crate) body: Range<usize>,
    pub(crate) end: Option<Marker>,
    /// Whether the next BEGIN follows the END on the same line.
    pub(crate) joined: bool,
}

/// What stands between the markers of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Block(Block),
    /// An END without a BEGIN.
    StrayEnd(Marker),
}

/// Finds blocks one after the other.
pub(crate) struct Lexer<'b> {
    bytes: &'b [u8],
    begins: std::iter::Peekable<memmem::FindIter<'b, 'static>>,
    ends: std::iter::Peekable<memmem::FindIter<'b, 'static>>,
    open: Option<Marker>,
}

impl<'b> Lexer<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        let begins = memmem::find_iter(bytes, BEGIN).peekable();
        let ends = memmem::find_iter(bytes, END).peekable();
        Self { bytes, begins, ends, open: None }
    }

    /// The next marker: whether it begins, and what it says.
    fn marker(&mut self) -> Option<(bool, Marker)> {
        loop {
            let begins = match (self.begins.peek(), self.ends.peek()) {
                (Some(begin), Some(end)) => begin < end,
                (begin, end) => {
                    if begin.is_none() && end.is_none() {
                        return None;
                    }
                    begin.is_some()
                }
            };
            let at = if begins { self.begins.next() } else { self.ends.next() }?;
            let prefix = if begins { BEGIN } else { END };
            if let Some(marker) = marker_at(self.bytes, at, prefix.len()) {
                return Some((begins, marker));
            }
        }
    }

    fn close(&self, begin: Marker, body_end: usize, end: Option<Marker>) -> Block {
        let after = end.as_ref().map_or(body_end, |end| end.range.end);
        let joined =
            end.is_some() && self.bytes.get(after..).is_some_and(|rest| rest.starts_with(BEGIN));
        Block { body: begin.range.end..body_end, begin, end, joined }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        loop {
            let Some((begins, marker)) = self.marker() else {
                let begin = self.open.take()?;
                return Some(Part::Block(self.close(begin, self.bytes.len(), None)));
            };
            match (begins, self.open.take()) {
                (true, None) => self.open = Some(marker),
                (true, Some(begin)) => {
                    let end = marker.range.start;
                    self.open = Some(marker);
                    return Some(Part::Block(self.close(begin, end, None)));
                }
                (false, Some(begin)) => {
                    return Some(Part::Block(self.close(begin, marker.range.start, Some(marker))));
                }
                (false, None) => return Some(Part::StrayEnd(marker)),
            }
        }
    }
}

/// Reads the rest of a marker: a label of letters, digits and few signs, then dashes. With fewer
/// than five dashes the line must end there, else it is prose about PEM.
fn marker_at(bytes: &[u8], at: usize, prefix: usize) -> Option<Marker> {
    let start = at + prefix;
    let tail = bytes.get(start..bytes.len().min(start + MAX_LABEL + 1))?;
    let in_label = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || matches!(**byte, b' ' | b'_' | b'.' | b'/' | b'#')
    };
    let length = tail.iter().take_while(in_label).count();
    let label = std::str::from_utf8(tail.get(..length)?).ok()?;
    if label.trim().is_empty() || length > MAX_LABEL {
        return None;
    }
    let after = bytes.get(start + length..)?;
    let dashes = after.iter().take(DASHES).take_while(|&&byte| byte == b'-').count();
    let closed = dashes == DASHES;
    let follows = after.get(dashes);
    if !closed && !matches!(follows, None | Some(b'\n' | b'\r')) {
        return None;
    }
    let range = at..start + length + dashes;
    Some(Marker { label: label.trim().to_owned(), range, closed })
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Part};

    fn parts(text: &str) -> Vec<String> {
        Lexer::new(text.as_bytes())
            .map(|part| match part {
                Part::Block(block) => format!(
                    "{}[{}]{}{}",
                    block.begin.label,
                    &text[block.body],
                    block.end.map_or_else(|| "?".to_owned(), |end| end.label),
                    if block.joined { "+" } else { "" },
                ),
                Part::StrayEnd(end) => format!("/{}", end.label),
            })
            .collect()
    }

    #[test]
    fn blocks_and_their_breakage() {
        assert_eq!(parts("x-----BEGIN A-----1-----END A-----"), ["A[1]A"]);
        assert_eq!(
            parts("-----BEGIN A-----1-----END A----------BEGIN B C-----2-----END D-----"),
            ["A[1]A+", "B C[2]D"]
        );
        assert_eq!(parts("-----BEGIN A-----1-----BEGIN B-----2"), ["A[1]?", "B[2]?"]);
        assert_eq!(parts("-----END A-----"), ["/A"]);
        assert_eq!(parts("-----BEGIN A---\n1-----END A--"), ["A[\n1]A"]);
    }

    #[test]
    fn prose_is_passed_over() {
        assert!(parts("starts with -----BEGIN $label----- or -----BEGIN --").is_empty());
        assert!(parts("a line \"-----BEGIN CERT\" and so on").is_empty());
        assert!(parts(&format!("-----BEGIN {}-----", "A".repeat(99))).is_empty());
    }
}

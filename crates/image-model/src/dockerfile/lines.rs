//! Physical lines, and the logical lines that instructions are made of.

use careen_text::Span;

/// A physical line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) start: usize,
    /// Without the line break.
    pub(super) end: usize,
    /// Start of the next line.
    pub(super) next: usize,
}

/// All lines of a text, from byte `from` on.
pub(super) fn split(text: &str, from: usize) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = from;
    while start < bytes.len() {
        let rest = bytes.get(start..).unwrap_or_default();
        let next = memchr::memchr(b'\n', rest).map_or(bytes.len(), |len| start + len + 1);
        let line = bytes.get(start..next).unwrap_or_default();
        let breaks = line.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        lines.push(Line { start, end: next - breaks, next });
        start = next;
    }
    lines
}

impl Line {
    pub(super) fn text(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The line without white space at its start.
    pub(super) fn trimmed(self, text: &str) -> (&str, usize) {
        let line = self.text(text);
        let trimmed = line.trim_start();
        (trimmed, self.start + line.len() - trimmed.len())
    }

    pub(super) fn span(self) -> Span {
        Span::of(self.start..self.end)
    }
}

/// The line without its continuation mark, and whether it had one: an escape character at the
/// end, white space behind it allowed, that is not itself escaped.
pub(super) fn strip_continuation(line: &str, escape: char) -> (&str, bool) {
    let trimmed = line.trim_end_matches([' ', '\t']);
    match trimmed.strip_suffix(escape) {
        Some(rest) if !rest.ends_with(escape) => (rest, true),
        _ => (line, false),
    }
}

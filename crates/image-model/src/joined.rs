use std::ops::Range;

use careen_text::{Mapping, Origin, Segment, Span};

/// Text put together from pieces of the file, such as an instruction without its line
/// continuations and comment lines, that knows where in the file each byte came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    text: String,
    mapping: Mapping,
}

impl Joined {
    /// Text that stands in the file as it is, from byte `offset` on.
    #[must_use]
    pub fn verbatim(text: &str, offset: u32) -> Self {
        let mut joiner = Joiner::default();
        joiner.push(text, offset);
        joiner.finish()
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The way back to the file, for text that is decoded further.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::default().then(self.mapping.clone())
    }

    /// Where in the file a byte range of the text stands.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        self.mapping.resolve(Span::of(range))
    }

    /// Where in the file the whole text stands.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.span(0..self.text.len())
    }

    /// The part of the text from byte `start` on.
    #[must_use]
    pub(crate) fn tail(&self, start: usize) -> Self {
        let mut joiner = Joiner::default();
        if let Mapping::Segments(segments) = &self.mapping {
            for segment in segments {
                let range = segment.derived.range();
                let from = range.start.max(start);
                let piece = self.text.get(from..range.end).unwrap_or_default();
                let exact = segment.derived.len() == segment.source.len();
                let skipped = if exact { Span::of(range.start..from).len() } else { 0 };
                let source = Span::new(segment.source.start + skipped, segment.source.end);
                joiner.push_as(piece, source);
            }
        }
        if joiner.len() == 0 {
            let end = self.span(self.text.len()..self.text.len());
            joiner.segments.push(Segment { derived: Span::at(0), source: Span::at(end.end) });
        }
        joiner.finish()
    }
}

/// Collects the pieces of a [`Joined`].
#[derive(Default)]
pub(crate) struct Joiner {
    text: String,
    segments: Vec<Segment>,
}

impl Joiner {
    /// Appends a piece that stands in the file at byte `offset`.
    pub(crate) fn push(&mut self, piece: &str, offset: u32) {
        self.push_as(piece, Span::new(offset, offset.saturating_add(Span::of(0..piece.len()).end)));
    }

    /// Appends text that stands for the bytes at `source`.
    pub(crate) fn push_as(&mut self, piece: &str, source: Span) {
        if piece.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(piece);
        let derived = Span::of(start..self.text.len());
        let exact = derived.len() == source.len();
        if let Some(last) = self.segments.last_mut()
            && exact
            && last.derived.len() == last.source.len()
            && last.source.end == source.start
        {
            last.derived = last.derived.cover(derived);
            last.source = last.source.cover(source);
            return;
        }
        self.segments.push(Segment { derived, source });
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Takes white space off the end.
    pub(crate) fn trim_end(&mut self) {
        let len = self.text.trim_end_matches([' ', '\t', '\r', '\u{b}', '\u{c}']).len();
        self.text.truncate(len);
        let len = Span::of(0..len).end;
        while let Some(last) = self.segments.last_mut()
            && last.derived.end > len
        {
            if last.derived.start >= len {
                self.segments.pop();
                continue;
            }
            let cut = last.derived.end - len;
            last.derived.end -= cut;
            last.source.end = last.source.end.saturating_sub(cut).max(last.source.start);
            break;
        }
    }

    pub(crate) fn finish(self) -> Joined {
        Joined { text: self.text, mapping: Mapping::Segments(self.segments) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Joined, Joiner};
    use careen_text::Span;

    #[test]
    fn spans_lead_back_over_a_gap() {
        let mut joiner = Joiner::default();
        joiner.push("ab", 10);
        joiner.push("cd", 20);
        let joined = joiner.finish();
        assert_eq!(joined.text(), "abcd");
        assert_eq!(joined.span(0..2), Span::new(10, 12));
        assert_eq!(joined.span(2..4), Span::new(20, 22));
        assert_eq!(joined.span(1..3), Span::new(11, 21));
        assert_eq!(joined.whole(), Span::new(10, 22));
    }

    #[test]
    fn an_escape_maps_as_a_whole() {
        let mut joiner = Joiner::default();
        joiner.push("a", 0);
        joiner.push_as("\n", Span::new(1, 3));
        joiner.push("b", 3);
        let joined = joiner.finish();
        assert_eq!(joined.span(1..2), Span::new(1, 3));
        assert_eq!(joined.span(2..3), Span::new(3, 4));
    }

    #[test]
    fn verbatim_text_is_shifted() {
        assert_eq!(Joined::verbatim("abc", 5).span(1..2), Span::new(6, 7));
    }
}

//! Derived bytes put together run by run, with their places.

use careen_text::{Derived, Segment, Span};

/// Bytes under construction.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) bytes: Vec<u8>,
    pub(super) segments: Vec<Segment>,
}

impl Trace {
    /// Appends bytes that stand for `from..to` one step nearer to the file.
    pub(super) fn put(&mut self, bytes: &[u8], from: usize, to: usize) {
        let derived = Span::of(self.bytes.len()..self.bytes.len() + bytes.len());
        let source = Span::of(from..to);
        self.bytes.extend_from_slice(bytes);
        match self.segments.last_mut() {
            // Verbatim runs join.
            Some(last)
                if derived.len() == source.len()
                    && last.derived.len() == last.source.len()
                    && last.source.end == source.start =>
            {
                last.source.end = source.end;
                last.derived.end = derived.end;
            }
            _ => self.segments.push(Segment { derived, source }),
        }
    }

    /// The bytes with the way back to the file, which leads through `outer`.
    pub(super) fn within(self, outer: &Derived) -> Derived {
        let origin = outer.origin.then(careen_text::Mapping::Segments(self.segments));
        Derived { bytes: self.bytes, origin }
    }
}

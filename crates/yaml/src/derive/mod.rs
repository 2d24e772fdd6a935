//! The way back from a scalar's text to the bytes of the file.
//!
//! The tree stores only the decoded text. On demand the written form is read again, this time
//! noting where each byte comes from; the result is compared with the stored text, and where the
//! two readings should ever differ, the whole text is mapped to the whole scalar.

mod block;
mod flow;

use careen_text::{Derived, Origin, Segment, Span};

use crate::arena::Style;
use crate::node::Node;

pub(crate) fn derive(node: Node<'_>) -> Option<Derived> {
    let text = node.text()?;
    let span = node.definition_span();
    let source = node.source();
    let written = source.text();
    let inner = match node.style() {
        Style::SingleQuoted | Style::DoubleQuoted if span.len() >= 2 => {
            Span::new(span.start + 1, span.end - 1)
        }
        _ => span,
    };
    if written.get(inner.range()) == Some(text) {
        return Some(Derived::verbatim(source, inner));
    }
    let mut trace = Trace::new(written, span, text.len());
    match node.style() {
        Style::Plain => flow::read(&mut trace, inner, flow::Quotes::None),
        Style::SingleQuoted => flow::read(&mut trace, inner, flow::Quotes::Single),
        Style::DoubleQuoted => flow::read(&mut trace, inner, flow::Quotes::Double),
        Style::Literal => block::read(&mut trace, text, false),
        Style::Folded => block::read(&mut trace, text, true),
        Style::Block | Style::Flow => return None,
    }
    Some(trace.finish(text))
}

/// Decoded bytes under construction.
struct Trace<'s> {
    written: &'s str,
    /// The scalar's span; nothing points outside.
    span: Span,
    /// The length of the text that is to come out.
    len: usize,
    bytes: Vec<u8>,
    segments: Vec<Segment>,
}

impl<'s> Trace<'s> {
    fn new(written: &'s str, span: Span, len: usize) -> Self {
        Self { written, span, len, bytes: Vec::with_capacity(len), segments: Vec::new() }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.written.as_bytes().get(at).copied()
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= self.len
    }

    /// Appends written bytes as they are.
    fn copy(&mut self, from: usize, to: usize) {
        let Some(run) = self.written.as_bytes().get(from..to) else { return };
        if run.is_empty() {
            return;
        }
        let derived = Span::of(self.bytes.len()..self.bytes.len() + run.len());
        let source = Span::of(from..to);
        self.bytes.extend_from_slice(run);
        match self.segments.last_mut() {
            Some(last)
                if last.source.end == source.start
                    && last.derived.end == derived.start
                    && last.source.len() == last.derived.len() =>
            {
                last.source.end = source.end;
                last.derived.end = derived.end;
            }
            _ => self.segments.push(Segment { derived, source }),
        }
    }

    /// Appends bytes that stand for something written differently.
    fn put(&mut self, bytes: &[u8], from: usize, to: usize) {
        if bytes.is_empty() {
            return;
        }
        let derived = Span::of(self.bytes.len()..self.bytes.len() + bytes.len());
        self.bytes.extend_from_slice(bytes);
        self.segments.push(Segment { derived, source: Span::of(from..to) });
    }

    fn finish(mut self, text: &str) -> Derived {
        // Chomping of block scalars only takes away from the end.
        self.bytes.truncate(self.len);
        if self.bytes != text.as_bytes() {
            let derived = Span::of(0..text.len());
            let segments = vec![Segment { derived, source: self.span }];
            return Derived {
                bytes: text.as_bytes().to_vec(),
                origin: Origin::from_segments(segments),
            };
        }
        let len = Span::of(0..self.len).end;
        self.segments.retain(|segment| segment.derived.start < len);
        let limits = self.span;
        for segment in &mut self.segments {
            let equal = segment.source.len() == segment.derived.len();
            let cut = segment.derived.end.saturating_sub(len);
            segment.derived.end -= cut;
            if equal {
                segment.source.end -= cut;
            }
            let clamp = |at: u32| at.clamp(limits.start, limits.end);
            segment.source = Span::new(clamp(segment.source.start), clamp(segment.source.end));
        }
        Derived { bytes: self.bytes, origin: Origin::from_segments(self.segments) }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The offset after the line break at `at`.
fn after_break(trace: &Trace<'_>, at: usize) -> usize {
    if trace.byte(at) == Some(b'\r') && trace.byte(at + 1) == Some(b'\n') { at + 2 } else { at + 1 }
}

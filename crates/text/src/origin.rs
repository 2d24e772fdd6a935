use crate::{Source, Span};

/// A run of derived bytes that stands for a run of bytes one step nearer to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where the run stands in the derived bytes.
    pub derived: Span,
    /// Where it came from. Equal lengths map byte by byte; otherwise (an escape, a folded line
    /// break) the run maps as a whole.
    pub source: Span,
}

/// One decoding step, seen backwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// Runs in ascending order, such as the pieces of a quoted YAML scalar or of base64 text with
    /// its line breaks left out.
    Segments(Vec<Segment>),
    /// Base64: byte *i* of the derived data stands in characters ⌊8i/6⌋ to ⌈8(i+1)/6⌉ (RFC 4648
    /// §4) of text without white space.
    Base64,
}

impl Mapping {
    /// Maps a span of derived bytes one step back.
    #[must_use]
    pub fn resolve(&self, span: Span) -> Span {
        match self {
            Self::Base64 => {
                let start = u64::from(span.start) * 4 / 3;
                let end = (u64::from(span.end) * 4).div_ceil(3);
                let cut = |offset: u64| u32::try_from(offset).unwrap_or(u32::MAX);
                Span::new(cut(start), cut(end.max(start)))
            }
            Self::Segments(segments) => {
                let start = Self::edge(segments, span.start, false);
                let end = Self::edge(segments, span.end, !span.is_empty());
                Span::new(start, end)
            }
        }
    }

    /// Maps one offset. As an end, it belongs to the run that finishes there.
    fn edge(segments: &[Segment], offset: u32, is_end: bool) -> u32 {
        let after = if is_end {
            segments.partition_point(|segment| segment.derived.start < offset)
        } else {
            segments.partition_point(|segment| segment.derived.start <= offset)
        };
        let Some(segment) = after.checked_sub(1).and_then(|index| segments.get(index)) else {
            return segments.first().map_or(0, |segment| segment.source.start);
        };
        if offset >= segment.derived.end {
            return segment.source.end;
        }
        if segment.derived.len() == segment.source.len() {
            return segment.source.start + (offset - segment.derived.start);
        }
        if is_end { segment.source.end } else { segment.source.start }
    }
}

/// The way from derived bytes back to the file: innermost decoding step first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    steps: Vec<Mapping>,
}

impl Origin {
    /// Bytes that stand in the file as they are, from `offset` on.
    #[must_use]
    pub fn verbatim(offset: u32, len: u32) -> Self {
        Self::from_segments(vec![Segment {
            derived: Span::new(0, len),
            source: Span::new(offset, offset + len),
        }])
    }

    /// Bytes decoded in one step from the file.
    #[must_use]
    pub fn from_segments(segments: Vec<Segment>) -> Self {
        Self { steps: vec![Mapping::Segments(segments)] }
    }

    /// The same way with one more decoding step in front.
    #[must_use]
    pub fn then(&self, mapping: Mapping) -> Self {
        let mut steps = Vec::with_capacity(self.steps.len() + 1);
        steps.push(mapping);
        steps.extend(self.steps.iter().cloned());
        Self { steps }
    }

    /// Number of decoding steps.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.steps.len()
    }

    /// The span of the file that `span` of the derived bytes came from.
    #[must_use]
    pub fn resolve(&self, span: Span) -> Span {
        self.steps.iter().fold(span, |span, step| step.resolve(span))
    }
}

/// Bytes that were decoded out of a file, with the way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// Where they came from.
    pub origin: Origin,
}

impl Derived {
    /// A span of a source, undecoded.
    #[must_use]
    pub fn verbatim(source: &Source, span: Span) -> Self {
        let bytes = source.slice(span).as_bytes().to_vec();
        Self { bytes, origin: Origin::verbatim(span.start, span.len()) }
    }

    /// The bytes as text, where they are.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The span of the file behind a span of these bytes.
    #[must_use]
    pub fn resolve(&self, span: Span) -> Span {
        self.origin.resolve(span)
    }

    /// The span of the file behind all of these bytes.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.resolve(Span::of(0..self.bytes.len()))
    }
}

use std::sync::{Arc, OnceLock};

use crate::{LineIndex, Position, Span};

/// How a file's bytes became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Valid UTF-8, with or without a byte order mark (which stays in the text).
    Utf8,
    /// Not valid UTF-8: invalid sequences became U+FFFD.
    Lossy,
    /// UTF-16 with a byte order mark, transcoded.
    Utf16,
}

/// The text of one file. Immutable; shared by everything that points into it.
#[derive(Debug)]
pub struct Source {
    path: Arc<str>,
    text: String,
    encoding: Encoding,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A source that is valid text already.
    #[must_use]
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            text: text.into(),
            encoding: Encoding::Utf8,
            lines: OnceLock::new(),
        })
    }

    /// Decodes bytes: UTF-16 by its byte order mark, else UTF-8, lossily.
    #[must_use]
    pub fn from_bytes(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> Self {
        let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
            let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect::<String>()
        };
        let (text, encoding) = match bytes.as_slice() {
            [0xff, 0xfe, ..] => (utf16(&bytes, u16::from_le_bytes), Encoding::Utf16),
            [0xfe, 0xff, ..] => (utf16(&bytes, u16::from_be_bytes), Encoding::Utf16),
            _ => match String::from_utf8(bytes) {
                Ok(text) => (text, Encoding::Utf8),
                Err(error) => {
                    (String::from_utf8_lossy(error.as_bytes()).into_owned(), Encoding::Lossy)
                }
            },
        };
        Self { path: path.into(), text, encoding, lines: OnceLock::new() }
    }

    /// The path as reports show it: relative, `/`-separated, not sanitised.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The shared path.
    #[must_use]
    pub fn shared_path(&self) -> Arc<str> {
        Arc::clone(&self.path)
    }

    /// The whole text, byte order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the text was decoded.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text of a span; empty where the span does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The line index, built on first use.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and columns of an offset.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }

    /// Cuts a span to the first line it touches, for a report that wants one line.
    #[must_use]
    pub fn first_line_of(&self, span: Span) -> Span {
        let line = self.lines().line_of(span.start);
        let start = self.lines().line_span(line).start;
        let text = self.lines().line_text(&self.text, line);
        let end = start + Span::of(0..text.len()).end;
        Span::new(span.start, span.end.min(end))
    }

    /// Gives the bytes back, for a reader that reuses its buffer.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Source};
    use crate::Span;

    #[test]
    fn decodes_utf16_by_its_mark() {
        let bytes = [0xff, 0xfe, b'a', 0, 0xfc, 0];
        let source = Source::from_bytes("x", bytes.to_vec());
        assert_eq!(source.text(), "\u{feff}aü");
        assert_eq!(source.encoding(), Encoding::Utf16);
    }

    #[test]
    fn broken_utf8_is_replaced_not_refused() {
        let source = Source::from_bytes("x", vec![b'a', 0xff, b'b']);
        assert_eq!(source.text(), "a\u{fffd}b");
        assert_eq!(source.encoding(), Encoding::Lossy);
    }

    #[test]
    fn first_line_cuts_at_the_break() {
        let source = Source::new("x", "ab\r\ncd");
        assert_eq!(source.first_line_of(Span::new(1, 6)), Span::new(1, 2));
    }
}

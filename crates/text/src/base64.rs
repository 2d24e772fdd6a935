use data_encoding::{BASE64, BASE64_NOPAD};

use crate::origin::{Derived, Mapping, Segment};
use crate::span::Span;

/// Why text is not base64, with the offset of the first bad byte in the text that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64Problem {
    /// A byte outside the standard alphabet (RFC 4648 §4).
    Alphabet {
        /// Offset of that byte.
        at: u32,
    },
    /// The number of characters cannot be base64, or the padding is wrong.
    Length,
}

/// Decodes standard base64. ASCII white space is passed over, as Go's decoder does for line
/// breaks; missing padding is accepted, because people cut it off.
///
/// # Errors
///
/// Returns the first problem; the text is then not base64.
pub fn decode_base64(outer: &Derived) -> Result<Derived, Base64Problem> {
    let mut characters = Vec::with_capacity(outer.bytes.len());
    let mut runs: Vec<Segment> = Vec::new();
    for (at, &byte) in outer.bytes.iter().enumerate() {
        if byte.is_ascii_whitespace() {
            continue;
        }
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')) {
            return Err(Base64Problem::Alphabet { at: Span::of(0..at).end });
        }
        let here = Span::of(characters.len()..characters.len() + 1);
        let from = Span::of(at..at + 1);
        match runs.last_mut() {
            Some(run) if run.source.end == from.start => {
                run.source.end = from.end;
                run.derived.end = here.end;
            }
            _ => runs.push(Segment { derived: here, source: from }),
        }
        characters.push(byte);
    }
    let bytes = if characters.ends_with(b"=") {
        BASE64.decode(&characters)
    } else {
        BASE64_NOPAD.decode(&characters)
    }
    .map_err(|_| Base64Problem::Length)?;
    let origin = outer.origin.then(Mapping::Segments(runs)).then(Mapping::Base64);
    Ok(Derived { bytes, origin })
}

#[cfg(test)]
mod tests {
    use super::{Base64Problem, decode_base64};
    use crate::{Derived, Source, Span};

    #[test]
    fn spans_lead_back_through_line_breaks() {
        // "hello world" in base64, broken after eight characters.
        let source = Source::new("x", "data: aGVsbG8g\n  d29ybGQ=\n");
        let outer = Derived::verbatim(&source, Span::new(6, 26));
        let inner = decode_base64(&outer).unwrap();
        assert_eq!(inner.text(), Some("hello world"));
        assert_eq!(source.slice(inner.resolve(Span::new(0, 3))), "aGVs");
        assert_eq!(source.slice(inner.resolve(Span::new(6, 9))), "d29y");
        assert_eq!(source.slice(inner.resolve(Span::new(3, 6))), "bG8g");
    }

    #[test]
    fn names_the_first_bad_byte() {
        let source = Source::new("x", "abc$");
        let outer = Derived::verbatim(&source, Span::new(0, 4));
        assert_eq!(decode_base64(&outer), Err(Base64Problem::Alphabet { at: 3 }));
        let outer = Derived::verbatim(&source, Span::new(0, 1));
        assert_eq!(decode_base64(&outer), Err(Base64Problem::Length));
    }

    #[test]
    fn base64_may_be_nested() {
        let source = Source::new("x", "YUdWc2JHOD0=");
        let outer = Derived::verbatim(&source, Span::new(0, 12));
        let inner = decode_base64(&decode_base64(&outer).unwrap()).unwrap();
        assert_eq!(inner.text(), Some("hello"));
        assert_eq!(inner.whole(), Span::new(0, 10));
    }
}

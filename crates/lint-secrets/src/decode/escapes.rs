//! Percent escapes (RFC 3986 §2.1) and the escapes of strings (RFC 8259 §7) around a place.

use careen_text::{Derived, Origin};

use super::trace::Trace;

/// How far on each side of an escape its text is looked at, in bytes.
const REACH: usize = 1_024;

/// The text around the escape at `at`, without escapes: what stands between blanks or quotes for
/// percent escapes, between quotes or line breaks for `\u`. Nothing if that is no text.
pub(crate) fn escaped_around(text: &str, at: usize) -> Option<Derived> {
    let bytes = text.as_bytes();
    let percent = *bytes.get(at)? == b'%';
    if !percent && *bytes.get(at)? != b'\\' {
        return None;
    }
    let ends = |byte: u8| match byte {
        b'\n' | b'\r' | b'"' | b'`' => true,
        b' ' | b'\t' | b'\'' | b'<' | b'>' => percent,
        _ => false,
    };
    let head = bytes.get(at.saturating_sub(REACH)..at)?;
    let from = at - head.iter().rev().take_while(|&&byte| !ends(byte)).count();
    let rest = bytes.get(at..)?;
    let mut length = 0;
    while let Some(&byte) = rest.get(length) {
        // An escaped quote ends nothing.
        let escaped = length > 0 && rest.get(length - 1) == Some(&b'\\');
        if length >= REACH || (ends(byte) && !(escaped && byte == b'"')) {
            break;
        }
        length += 1;
    }
    let written = bytes.get(from..at + length)?;
    let trace = if percent { percents(written, from) } else { units(written, from) };
    let origin = Origin::from_segments(trace.segments);
    let derived = Derived { bytes: trace.bytes, origin };
    derived.text().is_some().then_some(derived)
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    digits?.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
}

fn percents(written: &[u8], from: usize) -> Trace {
    let mut trace = Trace::default();
    let mut at = 0;
    while let Some(&byte) = written.get(at) {
        let value = (byte == b'%').then(|| hex(written.get(at + 1..at + 3))).flatten();
        let (value, length) = match value.and_then(|value| u8::try_from(value).ok()) {
            Some(value) => (value, 3),
            None => (byte, 1),
        };
        trace.put(&[value], from + at, from + at + length);
        at += length;
    }
    trace
}

fn units(written: &[u8], from: usize) -> Trace {
    let mut trace = Trace::default();
    let mut at = 0;
    while let Some(&byte) = written.get(at) {
        let next = written.get(at + 1).copied();
        let (value, length) = match (byte, next) {
            (b'\\', Some(b'u')) => {
                match hex(written.get(at + 2..at + 6)).and_then(char::from_u32) {
                    Some(value) => (Some(value), 6),
                    None => (None, 1),
                }
            }
            (b'\\', Some(b'n')) => (Some('\n'), 2),
            (b'\\', Some(b'r')) => (Some('\r'), 2),
            (b'\\', Some(b't')) => (Some('\t'), 2),
            (b'\\', Some(b'"')) => (Some('"'), 2),
            (b'\\', Some(b'\\')) => (Some('\\'), 2),
            (b'\\', Some(b'/')) => (Some('/'), 2),
            _ => (None, 1),
        };
        let mut space = [0; 4];
        match value {
            Some(value) => {
                let encoded = value.encode_utf8(&mut space);
                trace.put(encoded.as_bytes(), from + at, from + at + length);
            }
            None => trace.put(&[byte], from + at, from + at + 1),
        }
        at += length;
    }
    trace
}

#[cfg(test)]
mod tests {
    use super::escaped_around;
    use careen_text::Span;

    fn of(text: &str, word: &str) -> (String, String) {
        let at = text.find(['%', '\\']).unwrap();
        let inner = escaped_around(text, at).unwrap();
        let decoded = inner.text().unwrap().to_owned();
        let start = decoded.find(word).unwrap();
        let span = inner.resolve(Span::of(start..start + word.len()));
        (decoded, text[span.range()].to_owned())
    }

    #[test]
    fn escapes_lead_back_to_their_bytes() {
        let (decoded, written) = of("curl 'x?a=user%3Dsh%6Fp&b=1' -v", "shop");
        assert_eq!((decoded.as_str(), written.as_str()), ("x?a=user=shop&b=1", "sh%6Fp"));
        let (decoded, written) = of("let a = \"say \\u0022sh\\u006fp\\u0022\\n\";", "shop");
        assert_eq!((decoded.as_str(), written.as_str()), ("say \"shop\"\n", "sh\\u006fp"));
    }

    #[test]
    fn what_is_no_escape_stays() {
        let (decoded, _) = of("100%zz%2", "zz");
        assert_eq!(decoded, "100%zz%2");
        let (decoded, _) = of("\\ud800x\\u12", "x");
        assert_eq!(decoded, "\\ud800x\\u12");
        assert_eq!(escaped_around("%ff", 0), None);
        assert_eq!(escaped_around("abc", 0), None);
    }
}

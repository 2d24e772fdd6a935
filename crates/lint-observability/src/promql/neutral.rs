//! The text for the library: what it reads differently from Prometheus, or with too much work, is
//! replaced by the same number of harmless bytes.

use super::tokens::{Kind, Token};

/// Regular expressions of one query that are compiled.
const COMPILED: usize = 16;
/// Bytes of a regular expression that is compiled.
const PATTERN_MAX: usize = 200;

/// The text to parse. The tokens are its own.
pub(super) fn text(text: &str, tokens: &[Token]) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut compiled = 0;
    for (index, token) in tokens.iter().enumerate() {
        let Some(place) = out.get_mut(token.range()) else { continue };
        match token.kind {
            // Underscores between digits are newer than the library.
            Kind::Number => replace(place, b'_', b'0'),
            Kind::Text => {
                let before = index.checked_sub(1).and_then(|before| tokens.get(before));
                let is_regex = before
                    .is_some_and(|before| before.is_sign(text, "=~") || before.is_sign(text, "!~"));
                let [quote, inner @ .., _] = place else { continue };
                if is_regex && (compiled >= COMPILED || is_odd(inner)) {
                    inner.fill(b'x');
                } else if *quote == b'`' {
                    // A raw string has no escapes; the library thinks it has.
                    raw(inner);
                }
                compiled += usize::from(is_regex);
            }
            Kind::Duration | Kind::Name | Kind::Sign => {}
        }
    }
    // Whole strings are filled, and single bytes below 128 replaced.
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn replace(place: &mut [u8], from: u8, to: u8) {
    place.iter_mut().filter(|byte| **byte == from).for_each(|byte| *byte = to);
}

/// Whether a pattern is one that Go and Rust read differently, or one that is much work.
fn is_odd(pattern: &[u8]) -> bool {
    let has = |part: &[u8]| pattern.windows(part.len()).any(|window| window == part);
    pattern.len() > PATTERN_MAX || has(b"[") || has(b"{") || has(b"\\")
}

fn raw(inner: &mut [u8]) {
    let mut at = 0;
    while let Some(byte) = inner.get_mut(at) {
        if *byte == b'\\' {
            *byte = b'.';
            if let Some(next) = inner.get_mut(at + 1).filter(|next| next.is_ascii()) {
                *next = b'.';
            }
            at += 1;
        }
        at += 1;
    }
}

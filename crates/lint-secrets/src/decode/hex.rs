//! Hexadecimal digits that stand for text.

use careen_text::Derived;

use super::trace::Trace;

/// Fewer digits are a number, in bytes.
const LEAST: usize = 32;

/// The bytes that pairs of digits stand for, where all of the text is digits.
pub(super) fn decode(outer: &Derived) -> Option<Derived> {
    let start = outer.bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let digits = outer.bytes.get(start..)?.trim_ascii_end();
    if digits.len() < LEAST || digits.len() % 2 == 1 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut trace = Trace::default();
    for (index, pair) in digits.chunks_exact(2).enumerate() {
        let value = pair.iter().fold(0, |value, &digit| {
            value * 16 + char::from(digit).to_digit(16).unwrap_or_default()
        });
        let at = start + index * 2;
        trace.put(&[u8::try_from(value).ok()?], at, at + 2);
    }
    Some(trace.within(outer))
}

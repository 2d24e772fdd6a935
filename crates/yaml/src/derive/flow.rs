//! Plain and quoted scalars: line folding and escapes (YAML 1.2 §5.7, §6.5, §7.3).

use careen_text::Span;

use super::{Trace, after_break, is_blank, is_break};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Single,
    Double,
}

/// Reads the inside of the scalar.
pub(super) fn read(trace: &mut Trace<'_>, inner: Span, quotes: Quotes) {
    let end = inner.end as usize;
    let mut at = inner.start as usize;
    while at < end {
        let Some(byte) = trace.byte(at) else { break };
        match byte {
            byte if is_blank(byte) || is_break(byte) => at = white(trace, at, end, false),
            b'\'' if quotes == Quotes::Single => {
                trace.put(b"'", at, at + 2);
                at += 2;
            }
            b'\\' if quotes == Quotes::Double => at = escape(trace, at, end),
            _ => {
                let from = at;
                at += 1;
                while at < end && trace.byte(at).is_some_and(|byte| is_text(byte, quotes)) {
                    at += 1;
                }
                trace.copy(from, at);
            }
        }
    }
}

fn is_text(byte: u8, quotes: Quotes) -> bool {
    let special = match quotes {
        Quotes::None => false,
        Quotes::Single => byte == b'\'',
        Quotes::Double => byte == b'\\',
    };
    !(special || is_blank(byte) || is_break(byte))
}

/// White space: kept within a line, folded around line breaks. `broken` is after an escaped line
/// break, which leaves nothing behind itself.
fn white(trace: &mut Trace<'_>, from: usize, end: usize, mut broken: bool) -> usize {
    let mut at = from;
    let mut first_break = None;
    let mut more = Vec::new();
    while at < end {
        match trace.byte(at) {
            Some(byte) if is_blank(byte) => at += 1,
            Some(byte) if is_break(byte) => {
                let after = after_break(trace, at);
                if broken {
                    more.push((at, after));
                } else {
                    broken = true;
                    first_break = Some(at);
                }
                at = after;
            }
            _ => break,
        }
    }
    if !broken {
        trace.copy(from, at);
        return at;
    }
    if more.is_empty() && first_break.is_some() {
        trace.put(b" ", from, at);
    }
    for (from, to) in more {
        trace.put(b"\n", from, to);
    }
    at
}

fn escape(trace: &mut Trace<'_>, at: usize, end: usize) -> usize {
    let plain = |trace: &mut Trace<'_>, text: &str| {
        trace.put(text.as_bytes(), at, at + 2);
        at + 2
    };
    match trace.byte(at + 1) {
        Some(byte) if is_break(byte) => {
            let after = after_break(trace, at + 1);
            white(trace, after, end, true)
        }
        Some(b'0') => plain(trace, "\0"),
        Some(b'a') => plain(trace, "\u{7}"),
        Some(b'b') => plain(trace, "\u{8}"),
        Some(b't' | b'\t') => plain(trace, "\t"),
        Some(b'n') => plain(trace, "\n"),
        Some(b'v') => plain(trace, "\u{b}"),
        Some(b'f') => plain(trace, "\u{c}"),
        Some(b'r') => plain(trace, "\r"),
        Some(b'e') => plain(trace, "\u{1b}"),
        Some(b'N') => plain(trace, "\u{85}"),
        Some(b'_') => plain(trace, "\u{a0}"),
        Some(b'L') => plain(trace, "\u{2028}"),
        Some(b'P') => plain(trace, "\u{2029}"),
        Some(b'x') => numeric(trace, at, 2),
        Some(b'u') => numeric(trace, at, 4),
        Some(b'U') => numeric(trace, at, 8),
        Some(byte) if byte.is_ascii() => {
            trace.put(&[byte], at, at + 2);
            at + 2
        }
        _ => at + 1,
    }
}

fn hex(trace: &Trace<'_>, at: usize, digits: usize) -> Option<u32> {
    u32::from_str_radix(trace.written.get(at..at + digits)?, 16).ok()
}

fn numeric(trace: &mut Trace<'_>, at: usize, digits: usize) -> usize {
    let mut after = at + 2 + digits;
    let Some(mut code) = hex(trace, at + 2, digits) else { return after };
    // JSON writes characters beyond the basic plane as two surrogates.
    if (0xd800..0xdc00).contains(&code)
        && trace.written.get(after..after + 2) == Some("\\u")
        && let Some(low) = hex(trace, after + 2, 4)
        && (0xdc00..0xe000).contains(&low)
    {
        code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        after += 6;
    }
    if let Some(character) = char::from_u32(code) {
        let mut buffer = [0; 4];
        trace.put(character.encode_utf8(&mut buffer).as_bytes(), at, after);
    }
    after
}

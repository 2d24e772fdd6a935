//! Base64 (RFC 4648 §4, §5) as it stands in files: padded or not, with either alphabet, in lines.

use careen_text::{Derived, Mapping, Segment, Span};

use super::trace::Trace;

/// How far on each side of a position its run is looked at, in bytes.
const REACH: usize = 512;
/// Shorter lines are no wrapped base64, in bytes.
const LEAST_LINE: usize = 40;
/// The deepest indentation of a wrapped line.
const DEEPEST: usize = 40;

/// The six bits of a digit of either alphabet.
const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Decodes all of a text, which may hold white space and end in padding.
pub(super) fn decode(outer: &Derived) -> Option<Derived> {
    let text = outer.bytes.trim_ascii_end();
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    let body = text.get(..text.len() - padding)?;
    let mut digits = Digits::default();
    for (at, &byte) in body.iter().enumerate() {
        if !byte.is_ascii_whitespace() {
            digits.put(digit(byte)?, byte, at);
        }
    }
    if padding > 2 || digits.values.len() % 4 == 1 {
        return None;
    }
    Some(digits.within(outer))
}

/// Digits with their places.
#[derive(Default)]
struct Digits {
    values: Vec<u8>,
    places: Trace,
}

impl Digits {
    fn put(&mut self, value: u8, byte: u8, at: usize) {
        self.values.push(value);
        self.places.put(&[byte], at, at + 1);
    }

    fn within(self, outer: &Derived) -> Derived {
        let bytes = bytes(&self.values);
        let origin = self.places.within(outer).origin.then(Mapping::Base64);
        Derived { bytes, origin }
    }
}

/// The bytes of digits; bits that fill none are dropped.
fn bytes(digits: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.chunks(4) {
        let value = four.iter().fold(0u32, |value, &digit| value << 6 | u32::from(digit));
        let value = value << (6 * (4 - four.len()));
        let [_, first, second, third] = value.to_be_bytes();
        bytes.extend([first, second, third].into_iter().take((four.len() * 3) / 4));
    }
    bytes
}

/// The readable text in the base64 around the position `at` of `text`: that of the run of digits
/// it stands in, lines joined, no more than half a KiB on each side. Where the run starts within
/// reach, groups of four are counted from there; in a longer one, all ways to count are tried, and
/// the one with the longest text at that position is taken. Nothing if no text comes out.
///
/// The cost does not depend on the size of the run.
pub(crate) fn around(text: &str, at: usize) -> Option<Derived> {
    let all = text.as_bytes();
    digit(*all.get(at)?)?;
    let (from, whole) = start_of_run(all, at);
    let mut digits: Vec<(u8, usize)> = Vec::new();
    let mut next = from;
    while next < at + REACH {
        match all.get(next).copied().and_then(digit) {
            Some(value) => {
                digits.push((value, next));
                next += 1;
            }
            None => match line_break(all, next) {
                Some(after) => next = after,
                None => break,
            },
        }
    }
    let phases = if whole { 0..1 } else { 0..4 };
    let candidates = phases.filter_map(|phase| readable(digits.get(phase..)?, at));
    candidates.max_by_key(|derived| derived.bytes.len())
}

/// The text that digits stand for, as far around `at` as it can be read.
fn readable(digits: &[(u8, usize)], at: usize) -> Option<Derived> {
    let values: Vec<u8> = digits.iter().map(|&(value, _)| value).collect();
    let decoded = bytes(&values);
    let index = digits.iter().position(|&(_, place)| place >= at)?;
    // The byte that holds the last bits of the digit.
    let center = (index * 6 + 5) / 8;
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    let before = decoded.get(..center)?.iter().rev().take_while(|byte| is_text(byte)).count();
    let after = decoded.get(center..)?.iter().take_while(|byte| is_text(byte)).count();
    if after == 0 {
        return None;
    }
    let start = center - before;
    let kept = decoded.get(start..center + after)?.to_vec();
    // Places of digits are places in the file.
    let mut places = Trace::default();
    for &(value, place) in digits {
        places.put(&[value], place, place + 1);
    }
    let cut = Mapping::Segments(vec![Segment {
        derived: Span::of(0..kept.len()),
        source: Span::of(start..start + kept.len()),
    }]);
    let origin = careen_text::Origin::from_segments(places.segments);
    Some(Derived { bytes: kept, origin: origin.then(Mapping::Base64).then(cut) })
}

/// Where the run that holds `at` starts, no further back than the reach, and whether that is its
/// real start.
fn start_of_run(all: &[u8], at: usize) -> (usize, bool) {
    let least = at.saturating_sub(REACH);
    let mut start = at;
    while start > least {
        let before = start - 1;
        if all.get(before).copied().and_then(digit).is_some() {
            start = before;
        } else if let Some(end) = line_end_before(all, start, least) {
            start = end;
        } else {
            return (start, true);
        }
    }
    (start, start == 0)
}

/// Where the line of digits before the line that starts at `start` ends, if there is one.
fn line_end_before(all: &[u8], start: usize, least: usize) -> Option<usize> {
    let head = all.get(least..start)?;
    let indent = head.iter().rev().take(DEEPEST).take_while(|&&byte| b" \t".contains(&byte));
    let head = head.get(..head.len() - indent.count())?;
    let head = head.strip_suffix(b"\n")?;
    let head = head.strip_suffix(b"\r").unwrap_or(head);
    let digits = head.iter().rev().take(LEAST_LINE).take_while(|&&byte| digit(byte).is_some());
    (digits.count() == LEAST_LINE).then_some(least + head.len())
}

/// Where the next line of digits starts, if the one that ends at `end` is followed by one.
fn line_break(all: &[u8], end: usize) -> Option<usize> {
    let head = all.get(..end)?;
    let digits = head.iter().rev().take(LEAST_LINE).take_while(|&&byte| digit(byte).is_some());
    if digits.count() < LEAST_LINE {
        return None;
    }
    let rest = all.get(end..)?;
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?;
    let indent = rest.iter().take(DEEPEST).take_while(|&&byte| b" \t".contains(&byte)).count();
    digit(*rest.get(indent)?)?;
    Some(all.len() - rest.len() + indent)
}

#[cfg(test)]
mod tests {
    use super::around;
    use careen_text::Span;

    const PLAIN: &str = "user=shop;colour=blue;size=42;";

    /// The text around the first `needle`, and what its `colour` was written as.
    fn of(text: &str, needle: &str) -> Option<(String, String)> {
        let inner = around(text, text.find(needle)?)?;
        let decoded = inner.text()?.to_owned();
        let colour = decoded.find("colour")?;
        let span = inner.resolve(Span::of(colour..colour + 6));
        Some((decoded, text[span.range()].to_owned()))
    }

    #[test]
    fn runs_are_decoded_from_any_position() {
        let run = data_encoding::BASE64.encode(PLAIN.as_bytes());
        let url = data_encoding::BASE64URL_NOPAD.encode(PLAIN.as_bytes());
        for run in [run.as_str(), run.trim_end_matches('='), url.as_str()] {
            for at in [0, 1, 7, 18, run.trim_end_matches('=').len() - 1] {
                for (head, tail) in [("", ""), ("x = \"", "\"\n"), ("a: ", "\nb: c\n")] {
                    let text = format!("{head}{run}{tail}");
                    let inner = around(&text, head.len() + at).unwrap();
                    assert_eq!(inner.text(), Some(PLAIN), "{text} {at}");
                    let colour = inner.resolve(Span::new(10, 16));
                    assert_eq!(&text[colour.range()], "2NvbG91cj", "{text}");
                }
            }
        }
        assert_eq!(around("a: b", 1), None);
        assert_eq!(around("a", 5), None);
    }

    #[test]
    fn lines_are_joined() {
        let long = format!("{}{PLAIN}", "filler=1;".repeat(8));
        let run = data_encoding::BASE64.encode(long.as_bytes());
        for (gap, close) in [("\n    ", "\n"), ("\r\n", "\r\n"), ("\n", "")] {
            let lines: Vec<&str> = vec![&run[..64], &run[64..]];
            let text = format!("data:\n    {}{close}", lines.join(gap));
            let (decoded, colour) =
                of(&text, "Y29sb3").or_else(|| of(&text, &run[100..108])).unwrap();
            assert_eq!(decoded, long);
            assert!(colour.len() >= 8);
        }
    }

    #[test]
    fn a_blob_costs_its_neighbourhood_only() {
        let head = "\u{1}".repeat(3_001);
        let long = format!("{head}token=abc;{PLAIN}");
        let run = data_encoding::BASE64.encode(long.as_bytes());
        // Somewhere in the text, a thousand groups behind the start.
        let at = (3_001 + 15) * 4 / 3;
        let inner = around(&run, at).unwrap();
        assert_eq!(inner.text(), Some("token=abc;user=shop;colour=blue;size=42;"));
        let token = inner.resolve(Span::new(0, 5));
        assert_eq!(token, Span::new(3_001 * 4 / 3, (3_006 * 4_u32).div_ceil(3)));
    }
}

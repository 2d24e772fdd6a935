//! Words of an instruction.

use std::ops::Range;

use super::{Flag, WORDS_MAX};
use crate::{Joined, Pair, Word};

/// White space between words; line breaks do not occur within an instruction.
pub(super) const BLANKS: [char; 5] = [' ', '\t', '\r', '\u{b}', '\u{c}'];

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// The ranges of the words from `at` on. Quotes keep white space together where `quotes` says so.
pub(super) fn ranges(text: &str, at: usize, escape: char, quotes: bool) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = at;
    while words.len() < WORDS_MAX {
        let Some(word) = next(text, at, escape, quotes) else {
            break;
        };
        at = word.end;
        words.push(word);
    }
    words
}

/// The range of the first word from `at` on.
pub(super) fn next(text: &str, at: usize, escape: char, quotes: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = at + bytes.get(at..)?.iter().position(|byte| !is_blank(*byte))?;
    let escape = escape as u8;
    let mut open = None;
    let mut end = start;
    while let Some(&byte) = bytes.get(end) {
        if open.is_none() && is_blank(byte) {
            break;
        }
        if quotes {
            match (byte, open) {
                // The escaped character is taken by the next turn if it is not ASCII.
                _ if byte == escape && open != Some(b'\'') => {
                    end += usize::from(bytes.get(end + 1).is_some_and(u8::is_ascii));
                }
                (b'\'' | b'"', None) => open = Some(byte),
                (b'\'' | b'"', Some(mark)) if mark == byte => open = None,
                _ => {}
            }
        }
        end += 1;
    }
    Some(start..end)
}

/// A word from its range: quotes and escapes undone, variables left as they are.
pub(super) fn word(joined: &Joined, range: Range<usize>, escape: char) -> Word {
    let raw = joined.text().get(range.clone()).unwrap_or_default();
    let mut word = Word { literal: true, ..Word::default() };
    let mut open = None;
    let mut closed_at = None;
    let mut chars = raw.char_indices().peekable();
    while let Some((at, character)) = chars.next() {
        match (character, open) {
            ('\'' | '"', None) => {
                open = Some(character);
                word.quoted = true;
            }
            (mark, Some(quote)) if mark == quote => {
                open = None;
                closed_at.get_or_insert(at);
            }
            (_, Some('\'')) => word.text.push(character),
            (mark, quote) if mark == escape => match chars.peek() {
                Some(&(_, next))
                    if quote.is_none() || next == '"' || next == '$' || next == escape =>
                {
                    word.text.push(next);
                    chars.next();
                }
                _ if quote.is_some() => word.text.push(mark),
                _ => {}
            },
            ('$', _) => {
                word.literal = false;
                word.text.push('$');
            }
            _ => word.text.push(character),
        }
    }
    word.span = joined.span(range.clone());
    let enclosed = raw.starts_with(['\'', '"']) && closed_at == Some(raw.len() - 1);
    word.content = if enclosed { joined.span(range.start + 1..range.end - 1) } else { word.span };
    word
}

/// A word without quoting: a whole line such as that of `MAINTAINER`.
pub(super) fn verbatim(joined: &Joined, range: Range<usize>) -> Word {
    let text = joined.text().get(range.clone()).unwrap_or_default().to_owned();
    let span = joined.span(range);
    Word { literal: !text.contains('$'), text, span, content: span, quoted: false }
}

/// `key=value` or `key` from its range.
pub(super) fn pair(joined: &Joined, range: Range<usize>, escape: char) -> Pair {
    let raw = joined.text().get(range.clone()).unwrap_or_default();
    let span = joined.span(range.clone());
    match raw.find('=') {
        None => Pair { key: word(joined, range, escape), value: None, span },
        Some(equals) => {
            let equals = range.start + equals;
            Pair {
                key: word(joined, range.start..equals, escape),
                value: Some(word(joined, equals + 1..range.end, escape)),
                span,
            }
        }
    }
}

/// Takes the flags off the start of the arguments. Gives them and where they end.
pub(super) fn flags(joined: &Joined, at: usize, escape: char) -> (Vec<Flag>, usize) {
    let text = joined.text();
    let mut flags = Vec::new();
    let mut at = at;
    while flags.len() < WORDS_MAX {
        let Some(range) = next(text, at, escape, true) else {
            break;
        };
        let raw = text.get(range.clone()).unwrap_or_default();
        let Some(body) = raw.strip_prefix("--") else {
            break;
        };
        at = range.end;
        if body.is_empty() {
            break;
        }
        flags.push(flag(joined, range, escape));
    }
    (flags, at)
}

fn flag(joined: &Joined, range: Range<usize>, escape: char) -> Flag {
    let name = range.start + 2..range.end;
    let Pair { key, value, .. } = pair(joined, name.clone(), escape);
    let mut fields = Vec::new();
    if key.text == "mount" && value.is_some() {
        let raw = joined.text().get(name.clone()).unwrap_or_default();
        let mut start = name.start + raw.find('=').map_or(raw.len(), |equals| equals + 1);
        let list = joined.text().get(start..name.end).unwrap_or_default();
        for field in list.split(',') {
            let end = start + field.len();
            fields.push(pair(joined, start..end, escape));
            start = end + 1;
        }
    }
    Flag { name: key.text, value, fields, span: joined.span(range) }
}

//! Variables of Grafana and of deployment tools, replaced by words of the same length that PromQL takes.

use std::ops::Range;

use super::Dialect;

/// A variable in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    /// Its bytes.
    pub(super) at: Range<usize>,
    /// Whether it stands inside of a string.
    pub(super) quoted: bool,
}

/// Longest variable with its format that is taken for one.
const LONGEST: usize = 200;

/// The text with its variables replaced, byte for byte as long as before, and where they stood.
pub(super) fn replace(text: &str, dialect: Dialect) -> (String, Vec<Variable>) {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut variables = Vec::new();
    let mut quote = None;
    let mut brackets = 0usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if let Some(end) = variable_end(text, at, dialect) {
            let fill = match (quote, brackets) {
                (Some(_), _) => Fill::Word,
                (None, 0) => fill_after(bytes.get(..at).unwrap_or_default()),
                (None, _) => Fill::Duration,
            };
            fill.write(out.get_mut(at..end).unwrap_or_default(), bytes.get(end).copied());
            variables.push(Variable { at: at..end, quoted: quote.is_some() });
            at = end;
            continue;
        }
        match (quote, byte) {
            (Some(b'"' | b'\''), b'\\') => at += 1,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'[') => brackets += 1,
            (None, b']') => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    // Only whole variables were overwritten, with ASCII.
    (String::from_utf8(out).unwrap_or_else(|_| text.to_owned()), variables)
}

/// The end of the variable that starts here.
fn variable_end(text: &str, at: usize, dialect: Dialect) -> Option<usize> {
    let rest = text.get(at..)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let enclosed = |open: &str, close: &str| {
        let inner = rest.strip_prefix(open).filter(|inner| starts(inner))?;
        let end = inner.find(close).filter(|end| *end <= LONGEST)?;
        let is_one = !inner.get(..end)?.contains(['\n', '"', '{']);
        is_one.then_some(at + open.len() + end + close.len())
    };
    if let Some(end) = enclosed("${", "}") {
        return Some(end);
    }
    if dialect == Dialect::Rule {
        return None;
    }
    if let Some(name) = rest.strip_prefix('$').filter(|name| starts(name)) {
        let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
        return Some(at + 1 + end);
    }
    enclosed("[[", "]]")
}

#[derive(Clone, Copy)]
enum Fill {
    Word,
    Duration,
    Number,
}

/// What a variable stands for by the words before it.
fn fill_after(before: &[u8]) -> Fill {
    let before = before.trim_ascii_end();
    let sign = before.strip_suffix(b"-").unwrap_or(before).trim_ascii_end();
    if sign.to_ascii_lowercase().ends_with(b"offset") {
        Fill::Duration
    } else if before.ends_with(b"@") {
        Fill::Number
    } else {
        Fill::Word
    }
}

impl Fill {
    fn write(self, place: &mut [u8], next: Option<u8>) {
        let goes_on = next.is_some_and(|next| next.is_ascii_alphanumeric());
        match (self, place) {
            (Self::Word, place) => place.fill(b'x'),
            (Self::Duration, [zeros @ .., one, unit]) if !goes_on => {
                zeros.fill(b'0');
                (*one, *unit) = (b'1', b'm');
            }
            (_, [zeros @ .., one]) => {
                zeros.fill(b'0');
                *one = b'1';
            }
            (_, []) => {}
        }
    }
}

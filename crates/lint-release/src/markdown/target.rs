//! Where the target of a link stands: a parser tells where the link does.

use std::ops::Range;

/// The target of `[text](target "title")`. `inner` is where the text ends, if there is any; `end` where
/// the link does.
pub(super) fn of_inline(
    text: &str,
    start: usize,
    inner: Option<usize>,
    end: usize,
) -> Option<Range<usize>> {
    let from = inner.unwrap_or(start);
    let rest = text.get(from..end)?;
    let open = rest.find("](")? + 2;
    scan(text, from + open, end)
}

/// The target of `[label]: target "title"`.
pub(super) fn of_definition(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(span.clone())?;
    let mut escaped = false;
    let close = rest.bytes().position(|byte| {
        let closes = byte == b']' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })?;
    let rest = rest.get(close..)?;
    rest.starts_with("]:").then_some(())?;
    scan(text, span.start + close + 2, span.end)
}

/// The target that begins at `from` or after blanks.
fn scan(text: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let rest = text.get(from..end)?;
    // In a quotation the next line begins with its mark.
    let body = rest.trim_start_matches(|c: char| c.is_whitespace());
    let start = from + rest.len() - body.len();
    if let Some(pointed) = body.strip_prefix('<') {
        let close = pointed.find('>')?;
        return Some(start + 1..start + 1 + close);
    }
    let (mut depth, mut escaped) = (0_usize, false);
    let mut length = body.len();
    for (at, character) in body.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth == 0 => {
                length = at;
                break;
            }
            ')' => depth -= 1,
            _ if character.is_whitespace() => {
                length = at;
                break;
            }
            _ => {}
        }
    }
    Some(start..start + length)
}

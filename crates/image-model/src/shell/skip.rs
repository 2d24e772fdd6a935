//! Finds the end of substitutions without recursion.

use std::ops::Range;

/// From the `$(`, `${`, `$((` or backtick at `start` to behind its end, or to the end of the text
/// where it is not closed. The ranges of the command substitutions that open first are put into
/// `inner`; `quoted` says that double quotes are open around it.
pub(super) fn substitution(
    bytes: &[u8],
    start: usize,
    quoted: bool,
    inner: &mut Vec<Range<usize>>,
) -> usize {
    let mut open: Vec<u8> = Vec::new();
    let mut began: Option<(usize, usize)> = None;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let top = open.last().copied();
        let mut width = 1;
        match byte {
            b'\\' => width = 2,
            b'$' if matches!(bytes.get(at + 1), Some(b'(' | b'{')) => {
                width = 2;
                let arithmetic = bytes.get(at + 1..at + 3) == Some(b"((");
                if bytes.get(at + 1) == Some(&b'{') {
                    open.push(b'}');
                } else {
                    open.push(b')');
                    if began.is_none() && !arithmetic {
                        began = Some((open.len(), at + 2));
                    }
                }
            }
            b'`' if open.contains(&b'`') => {
                while open.last().is_some_and(|mark| *mark != b'`') {
                    open.pop();
                }
                finish(&mut began, &open, at, inner);
                open.pop();
            }
            b'`' => {
                open.push(b'`');
                if began.is_none() {
                    began = Some((open.len(), at + 1));
                }
            }
            b'"' if top == Some(b'"') => {
                open.pop();
            }
            b'"' => open.push(b'"'),
            _ if top == Some(b'"') => {}
            b'\'' if top != Some(b'}') || !quoted => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                width = memchr::memchr(b'\'', rest).map_or(bytes.len() - at, |len| len + 2);
            }
            b'#' if top == Some(b')') && is_blank(bytes.get(at.wrapping_sub(1))) => {
                let rest = bytes.get(at..).unwrap_or_default();
                width = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            b'(' if top == Some(b')') => open.push(b')'),
            b')' | b'}' if top == Some(byte) => {
                finish(&mut began, &open, at, inner);
                open.pop();
            }
            _ => {}
        }
        at += width;
        if open.is_empty() {
            return at.min(bytes.len());
        }
    }
    if let Some((_, from)) = began {
        inner.push(from.min(bytes.len())..bytes.len());
    }
    bytes.len()
}

/// Notes the substitution that ends at `at`, where it is the outermost open one.
fn finish(
    began: &mut Option<(usize, usize)>,
    open: &[u8],
    at: usize,
    inner: &mut Vec<Range<usize>>,
) {
    if let Some((depth, from)) = *began
        && depth == open.len()
    {
        inner.push(from..at);
        *began = None;
    }
}

/// From the parenthesis at `start` to behind the one that closes it, quotes respected.
pub(super) fn parentheses(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0usize;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        match byte {
            b'\\' => at += 1,
            b'\'' => at += memchr::memchr(b'\'', rest).map_or(rest.len(), |len| len + 1),
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at.min(bytes.len())
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'\t' | b'\n'))
}

//! Literal and folded scalars (YAML 1.2 §8.1).

use super::{Trace, after_break, is_blank, is_break};

/// One line: its content after the indentation, and its line break.
struct Line {
    from: usize,
    to: usize,
    after: usize,
}

/// Reads from the indicator on until `text` is complete. All line breaks are kept; what chomping
/// takes away is cut off afterwards.
pub(super) fn read(trace: &mut Trace<'_>, text: &str, folded: bool) {
    let head = line_at(trace, trace.span.start as usize, 0);
    let Some(indent) = indentation(trace, text, head.after) else { return };
    let mut at = head.after;
    // Line breaks since the last content: the one that ended it, and the empty lines after.
    let mut ending: Option<(usize, usize)> = None;
    let mut empty: Vec<(usize, usize)> = Vec::new();
    let mut blank_before = false;
    while at < trace.written.len() {
        let start = at;
        let line = line_at(trace, start, indent);
        at = line.after;
        if line.from == line.to {
            empty.push((line.to, line.after));
            if trace.bytes.len() + empty.len() > trace.len {
                break;
            }
            continue;
        }
        if line.from - start < indent || (indent == 0 && is_marker(trace, start)) {
            break;
        }
        let blank = trace.byte(line.from).is_some_and(is_blank);
        if let Some((from, to)) = ending.take() {
            if !folded || blank || blank_before {
                trace.put(b"\n", from, to);
            } else if empty.is_empty() {
                trace.put(b" ", from, line.from);
            }
        }
        for (from, to) in empty.drain(..) {
            trace.put(b"\n", from, to);
        }
        trace.copy(line.from, line.to);
        blank_before = blank;
        if trace.is_full() {
            return;
        }
        if line.after > line.to {
            ending = Some((line.to, line.after));
        }
    }
    if let Some((from, to)) = ending {
        trace.put(b"\n", from, to);
    }
    for (from, to) in empty {
        trace.put(b"\n", from, to);
    }
}

/// Whether the next document, or nothing more, starts here.
fn is_marker(trace: &Trace<'_>, at: usize) -> bool {
    matches!(trace.written.get(at..at + 3), Some("---" | "..."))
        && trace.byte(at + 3).is_none_or(|byte| is_blank(byte) || is_break(byte))
}

/// Spaces that every content line is indented by: what the first line with content has in the
/// file more than in the text.
fn indentation(trace: &Trace<'_>, text: &str, mut at: usize) -> Option<usize> {
    let spaces = |line: &str| line.bytes().take_while(|&byte| byte == b' ').count();
    let visible = |line: &&str| !line.trim_matches([' ', '\t']).is_empty();
    if let Some(decoded) = text.split('\n').find(visible) {
        while at < trace.written.len() {
            let line = line_at(trace, at, 0);
            let written = trace.written.get(line.from..line.to)?;
            if visible(&written) {
                return spaces(written).checked_sub(spaces(decoded));
            }
            at = line.after;
        }
        return None;
    }
    // Nothing visible: the lines of text and file stand side by side.
    for decoded in text.split('\n') {
        let line = line_at(trace, at, 0);
        if !decoded.is_empty() {
            return (line.to - line.from).checked_sub(decoded.len());
        }
        at = line.after;
    }
    Some(usize::MAX)
}

fn line_at(trace: &Trace<'_>, start: usize, indent: usize) -> Line {
    let mut from = start;
    while from - start < indent && trace.byte(from) == Some(b' ') {
        from += 1;
    }
    let bytes = trace.written.as_bytes();
    let to = crate::scan::line_end(bytes, from);
    let after = match trace.byte(to) {
        Some(byte) if is_break(byte) => after_break(trace, to),
        _ => to,
    };
    Line { from, to, after }
}

//! Looking back into the text for the indicators that parser events do not show.
//!
//! Between the end of one node and the start of the next stand only white space, comments,
//! indicators, anchors and tags. Every search starts at the end of the last node, so that all
//! searches together pass over the text at most a few times.

/// The byte order mark, which may stand in front of a document.
const BOM: &[u8] = "\u{feff}".as_bytes();

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The first offset from `at` on that is neither white space nor comment.
pub(crate) fn skip_trivia(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if is_space(byte) {
            at += 1;
        } else if byte == b'#' {
            at = line_end(bytes, at);
        } else {
            break;
        }
    }
    at
}

/// The end of the line that holds `at`, before its line break.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |offset| at + offset)
}

/// Searches `from..=until` for an indicator, past trivia, node properties and other indicators.
fn find(bytes: &[u8], from: usize, until: usize, wanted: fn(u8, u8) -> bool) -> Option<usize> {
    let mut at = from;
    while at <= until {
        let byte = *bytes.get(at)?;
        let after = bytes.get(at + 1).copied().unwrap_or(b'\n');
        match byte {
            b'#' => at = line_end(bytes, at),
            byte if wanted(byte, after) => return Some(at),
            b'&' | b'!' => {
                while bytes.get(at).is_some_and(|&byte| !is_space(byte)) {
                    at += 1;
                }
            }
            byte if is_space(byte) => at += 1,
            _ if bytes.get(at..at + BOM.len()) == Some(BOM) => at += BOM.len(),
            b':' | b'?' | b'-' | b',' => at += 1,
            _ => return None,
        }
    }
    None
}

/// The dash of a block sequence's first item.
pub(crate) fn find_dash(bytes: &[u8], from: usize, until: usize) -> Option<usize> {
    find(bytes, from, until, |byte, after| byte == b'-' && is_space(after))
}

/// The `|` or `>` of a block scalar.
pub(crate) fn find_block_indicator(bytes: &[u8], from: usize, until: usize) -> Option<usize> {
    find(bytes, from, until, |byte, _| matches!(byte, b'|' | b'>'))
}

/// Where a value that is not written would stand: right after the colon of the key that ends at
/// `key_end`; after the key itself where there is no colon (`? key`, `{key}`); at `given` where
/// the value has a tag or an anchor.
pub(crate) fn missing_value(bytes: &[u8], key_end: usize, given: usize) -> usize {
    let colon = skip_trivia(bytes, key_end);
    if bytes.get(colon) != Some(&b':') {
        return key_end;
    }
    let after = colon + 1;
    match bytes.get(skip_trivia(bytes, after)) {
        Some(b'&' | b'!') if given > after => given,
        _ => after,
    }
}

/// The end of the last line in `start..end` that is not blank, without its line break.
pub(crate) fn trim_blank_lines(bytes: &[u8], start: usize, end: usize) -> usize {
    let end = end.min(bytes.len());
    let text = bytes.get(start..end).unwrap_or_default();
    let Some(last) = text.iter().rposition(|&byte| !is_space(byte)) else { return start };
    // Blanks after the last visible character belong to its line.
    line_end(bytes, start + last + 1).min(end)
}

/// Whether only blanks stand between `at` and the start of its line.
pub(crate) fn starts_line(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    match before.iter().rposition(|&byte| !matches!(byte, b' ' | b'\t')) {
        None => true,
        Some(last) => {
            matches!(before.get(last), Some(b'\n' | b'\r')) || before.get(..=last) == Some(BOM)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{find_block_indicator, find_dash, missing_value, starts_line, trim_blank_lines};

    #[test]
    fn passes_over_properties_and_comments() {
        let text = b": &a !t # - c\n- x";
        assert_eq!(find_dash(text, 0, 16), Some(14));
        let text = b":\n # | \n &a\n |2-\n  x";
        assert_eq!(find_block_indicator(text, 0, 18), Some(13));
        assert_eq!(find_dash(b"x", 0, 0), None);
    }

    #[test]
    fn missing_values_stand_after_the_colon() {
        assert_eq!(missing_value(b"a :\n", 1, 1), 3);
        assert_eq!(missing_value(b"a: &x\n", 1, 5), 5);
        assert_eq!(missing_value(b"{a}", 2, 2), 2);
    }

    #[test]
    fn blank_lines_go_but_blanks_on_the_last_line_stay() {
        assert_eq!(trim_blank_lines(b"a  \n\n  ", 0, 7), 3);
        assert_eq!(trim_blank_lines(b"a\r\n", 0, 3), 1);
        assert_eq!(trim_blank_lines(b"  \n", 0, 3), 0);
    }

    #[test]
    fn own_line_is_after_a_break_or_the_mark() {
        assert!(starts_line(b"a\n  #", 4));
        assert!(!starts_line(b"a  #", 3));
        assert!(starts_line("\u{feff}#".as_bytes(), 3));
    }
}

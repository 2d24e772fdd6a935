//! Lines that look like items, and the front matter.

/// The front of a line that is an item.
#[derive(Debug, PartialEq)]
pub(super) struct Front {
    /// Bytes in front of what stands in the box.
    pub(super) mark: usize,
    pub(super) ticked: bool,
    /// Bytes in front of the words.
    pub(super) rest: usize,
}

/// Reads `- [ ] `, `1. [x] ` and the like at the start of a line, which may be indented.
pub(super) fn front(line: &str) -> Option<Front> {
    let bytes = line.as_bytes();
    let marker = blanks(bytes, 0);
    let behind = match bytes.get(marker)? {
        b'-' | b'*' | b'+' => marker + 1,
        b'0'..=b'9' => {
            let digits = bytes.get(marker..)?.iter().take_while(|b| b.is_ascii_digit()).count();
            let sign = marker + digits;
            (digits <= 9 && matches!(bytes.get(sign)?, b'.' | b')')).then_some(sign + 1)?
        }
        _ => return None,
    };
    let open = blanks(bytes, behind);
    if open == behind || bytes.get(open) != Some(&b'[') || bytes.get(open + 2) != Some(&b']') {
        return None;
    }
    let ticked = match bytes.get(open + 1)? {
        b' ' | b'\t' => false,
        b'x' | b'X' => true,
        _ => return None,
    };
    let rest = blanks(bytes, open + 3);
    let is_apart = rest > open + 3 || rest == bytes.len();
    is_apart.then_some(Front { mark: open + 1, ticked, rest })
}

/// The place of what is no blank, from a place on.
fn blanks(bytes: &[u8], from: usize) -> usize {
    let blank = |b: &&u8| matches!(b, b' ' | b'\t');
    from + bytes.get(from..).unwrap_or_default().iter().take_while(blank).count()
}

/// Where the Markdown begins: behind the byte order mark and a front matter in YAML.
pub(super) fn front_matter(text: &str) -> usize {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(start..).unwrap_or_default();
    let mut at = start;
    for (index, line) in body.split_inclusive('\n').enumerate() {
        at += line.len();
        let line = line.trim_end();
        match index {
            0 if line != "---" => return start,
            // A line across the page is written in the same way.
            1 if !is_entry(line) => return start,
            0 | 1 => {}
            _ if line == "---" || line == "..." => return at,
            _ => {}
        }
    }
    start
}

/// Whether a line is an entry of a mapping in YAML, or a comment.
fn is_entry(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    line.starts_with('#') || (key.len() < line.len() && !key.is_empty() && key.chars().all(is_word))
}

#[cfg(test)]
mod tests {
    use super::{Front, front, front_matter};

    #[test]
    fn items_have_a_marker_a_box_and_a_blank() {
        assert_eq!(front("- [ ] a"), Some(Front { mark: 3, ticked: false, rest: 6 }));
        assert_eq!(front("  12) [X]\ta"), Some(Front { mark: 7, ticked: true, rest: 10 }));
        assert_eq!(front("* [x]"), Some(Front { mark: 3, ticked: true, rest: 5 }));
        for line in ["", "-", "- [ ](x)", "-[ ] a", "- [y] a", "[ ] a", "1 [ ] a", "- [", "- []  a"]
        {
            assert_eq!(front(line), None, "{line}");
        }
    }

    #[test]
    fn front_matter_is_no_markdown_but_a_line_across_the_page_is() {
        assert_eq!(front_matter("---\ntitle: a\n---\n# b"), 17);
        assert_eq!(front_matter("\u{feff}---\r\na: b\r\n...\r\nc"), 19);
        assert_eq!(front_matter("---\n\n- [ ] a\n---\n"), 0);
        assert_eq!(front_matter("---\ntitle: a\n"), 0);
        assert_eq!(front_matter("# a\n---\nb: c\n---\n"), 0);
    }
}

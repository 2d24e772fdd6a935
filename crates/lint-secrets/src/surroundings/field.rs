//! Fields of YAML and JSON that hold examples, as in descriptions of interfaces.

/// Lines above a find that are looked at.
const MOST_LINES: usize = 400;
/// Bytes above a find that are looked at.
const REACH: usize = 32_768;
/// Names of such fields.
const EXAMPLES: &[&str] = &["example", "examples", "x-example", "x-examples"];

/// Whether the byte at `at` stands in a field that is named an example, by indentation.
pub(super) fn is_example(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    let mut lines = before.rsplit('\n').take(MOST_LINES);
    let Some(own) = lines.next() else { return false };
    // `{"example": {"token": "…` on one line.
    if own.split(['{', ',']).any(names_example) {
        return true;
    }
    let mut indentation = depth(own);
    for line in lines {
        let depth = depth(line);
        if line.trim().is_empty() || depth >= indentation {
            continue;
        }
        indentation = depth;
        if names_example(line) {
            return true;
        }
        if indentation == 0 {
            return false;
        }
    }
    false
}

/// How far a line's text stands in. The dash of a list belongs to what is before it.
fn depth(line: &str) -> usize {
    line.bytes().take_while(|byte| b" \t-".contains(byte)).count()
}

fn names_example(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '-', '"', '\'']);
    let name = line.split(['"', '\'', ':', ' ']).next().unwrap_or_default();
    let rest = line.get(name.len()..).unwrap_or_default();
    EXAMPLES.contains(&name) && rest.trim_start_matches(['"', '\'', ' ']).starts_with(':')
}

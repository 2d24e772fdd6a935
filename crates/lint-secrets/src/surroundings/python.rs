//! Strings that document Python: the first statement of a module, class or function, and what is
//! given to a name for documentation.

/// Words in the names of strings that are shown to people.
const NAMES: &[&str] = &["DOC", "EXAMPLE", "USAGE", "HELP", "RETURN", "EPILOG"];

/// What stands before a string on its line is read no further than this, in bytes.
const LONGEST_HEAD: usize = 512;

/// Where such strings stand, in order.
pub(super) fn documentation(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) =
        bytes.get(at..).and_then(|rest| memchr::memchr3(b'#', b'"', b'\'', rest))
    {
        let start = at + offset;
        let rest = bytes.get(start..).unwrap_or_default();
        let quote = rest.first().copied().unwrap_or(b'#');
        if quote == b'#' {
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            at = start + length;
            continue;
        }
        let triple = rest.get(1) == Some(&quote) && rest.get(2) == Some(&quote);
        let open = if triple { 3 } else { 1 };
        let length = string_length(rest, quote, open);
        at = start + length;
        if triple && documents(bytes.get(..start).unwrap_or_default()) {
            found.push((start, at));
        }
    }
    found
}

/// The length of the string that `rest` starts with, whose quotes are `open` characters.
fn string_length(rest: &[u8], quote: u8, open: usize) -> usize {
    let mut at = open;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if open == 1 => return at,
            _ if byte == quote => {
                let closes = (0..open).all(|next| rest.get(at + next) == Some(&quote));
                if closes {
                    return (at + open).min(rest.len());
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// Whether a string behind `before` is a statement of its own, or given to a name that says so.
fn documents(before: &[u8]) -> bool {
    let from = before.len().saturating_sub(LONGEST_HEAD);
    let window = before.get(from..).unwrap_or_default();
    let line = match memchr::memrchr(b'\n', window) {
        Some(newline) => from + newline + 1,
        None if from == 0 => 0,
        None => return false,
    };
    let head = before.get(line..).unwrap_or_default().trim_ascii();
    let head = match head.iter().rposition(|byte| !b"rRuUbBfF".contains(byte)) {
        None => &[],
        // Letters that end a name are no mark of the string.
        Some(last) if head.get(last).is_some_and(u8::is_ascii_alphanumeric) => head,
        Some(last) => head.get(..=last).unwrap_or_default().trim_ascii(),
    };
    if head.is_empty() {
        // Not where an expression goes on.
        let above = before.get(..line).unwrap_or_default().trim_ascii_end();
        return !above.last().is_some_and(|byte| b"(,=[{+%\\".contains(byte));
    }
    let Some(name) = head.strip_suffix(b"=") else { return false };
    let name = name.trim_ascii_end().to_ascii_uppercase();
    NAMES.iter().any(|word| memchr::memmem::find(&name, word.as_bytes()).is_some())
}

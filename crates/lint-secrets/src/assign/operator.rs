//! From a name to the literal it is given: operators and quotes of many languages.

use crate::connection;
use crate::context::FileClass;
use crate::shape::Match;

/// Values are read no further than this, in bytes.
const LONGEST_VALUE: usize = 512;
/// Blanks between a name, its operator and its value.
const MOST_BLANKS: usize = 48;

/// A literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where, without quotes.
    pub(crate) at: Match,
    /// Whether it is quoted.
    pub(crate) quoted: bool,
}

/// Whether a name that is followed by `byte` may be assigned to.
pub(crate) fn may_follow(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| b"\"'`\\ \t=:?|,()]>\r\n".contains(&byte))
}

/// A position in bytes that only moves forward.
#[derive(Clone, Copy)]
struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn sees(&self, text: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    fn takes(&mut self, text: &str) -> bool {
        let sees = self.sees(text);
        self.at += if sees { text.len() } else { 0 };
        sees
    }

    fn skip(&mut self, set: &[u8]) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let skipped = rest.iter().take(MOST_BLANKS).take_while(|byte| set.contains(byte)).count();
        self.at += skipped;
        skipped
    }

    fn blanks(&mut self) -> usize {
        self.skip(b" \t")
    }

    /// An opening quote, and whether it is escaped.
    fn quote(&mut self) -> Option<(u8, bool)> {
        let escaped = self.sees("\\\"") || self.sees("\\'");
        let quote = self.bytes.get(self.at + usize::from(escaped)).copied()?;
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return None;
        }
        self.at += 1 + usize::from(escaped);
        Some((quote, escaped))
    }
}

/// The literal that is given to the name at `start..end`.
pub(crate) fn value_after(text: &str, start: usize, end: usize, class: FileClass) -> Option<Found> {
    let bytes = text.as_bytes();
    let mut cursor = Cursor { bytes, at: end };
    let before = start.checked_sub(1).and_then(|index| bytes.get(index)).copied();
    let quoted_name = matches!(before, Some(b'"' | b'\'' | b'`')) && cursor.quote().is_some();
    let _ = cursor.takes("]");
    let blanks = cursor.blanks();
    if quoted_name {
        let found = beside(text, cursor, start - 1, blanks);
        if let Some(found) = found.or_else(|| in_block(text, cursor, start - 1)) {
            return Some(found);
        }
    }
    if quoted_name && cursor.peek() == Some(b')') {
        return otherwise(text, cursor);
    }
    // A command line in a step of a pipeline is no source.
    let source = class == FileClass::Source && !(is_option(bytes, start) && in_step(bytes, start));
    let (mut tight, mut typed) = (false, false);
    match cursor.peek()? {
        b'=' => {
            cursor.at += 1;
            if matches!(cursor.peek(), Some(b'=' | b'~')) {
                return None;
            }
            tight = !cursor.takes(">") && blanks == 0;
        }
        b':' => {
            cursor.at += 1;
            // `std::pass::a`, `arn:…:secret:a`.
            if cursor.peek() == Some(b':') || before == Some(b':') {
                return None;
            }
            typed = !cursor.takes("=");
        }
        b'?' if cursor.sees("?=") || cursor.sees("??") => cursor.at += 2,
        b'?' if cursor.sees("?:") => cursor.at += 2,
        b'|' if cursor.sees("||=") => cursor.at += 3,
        b'|' if cursor.sees("||") => cursor.at += 2,
        // `base.pass("…")` is any method.
        b'(' if source && end - start > 4 && !text.get(..end)?.ends_with(".pass") => {
            cursor.at += 1;
        }
        b',' if quoted_name => {
            cursor.at += 1;
            let call = is_argument(bytes, start - 1);
            return after_comma(text, cursor, class == FileClass::Source && call);
        }
        b'>' if before == Some(b'<') => {
            cursor.at += 1;
            let at = until(text, cursor.at, |byte| byte == b'<')?;
            let closed = bytes.get(at.end..)?.starts_with(b"</");
            return closed.then_some(Found { at, quoted: true });
        }
        b'{' if source => return initial(text, cursor),
        b'\r' | b'\n' => return value_below(text, cursor, start, quoted_name, class),
        _ if blanks > 0 && is_option(bytes, start) && !source => tight = true,
        _ => return None,
    }
    if cursor.blanks() > 0 {
        tight = false;
    }
    if source && matches!(cursor.peek(), Some(b'\r' | b'\n')) {
        let _ = cursor.skip(b" \t\r\n");
    }
    if let Some(found) = quoted(text, cursor) {
        return Some(found);
    }
    if source
        && typed
        && let Some(found) = after_type(text, cursor)
    {
        return Some(found);
    }
    let in_connection_string =
        behind_semicolon(bytes, start) || (source && connection::holds(text, start, end));
    if source && !in_connection_string {
        return None;
    }
    bare(text, cursor.at, tight || in_connection_string)
}

/// A quoted literal at the cursor, after the letters that may mark it.
fn quoted(text: &str, mut cursor: Cursor<'_>) -> Option<Found> {
    let marks = cursor.bytes.get(cursor.at..)?;
    let marks = marks.iter().take(2).take_while(|byte| b"bBrRuUfF@L$".contains(byte)).count();
    if marks > 0 && matches!(cursor.bytes.get(cursor.at + marks), Some(b'"' | b'\'')) {
        cursor.at += marks;
    }
    let (quote, escaped) = cursor.quote()?;
    let rest = cursor.bytes.get(cursor.at..)?;
    let mut skip = false;
    for (offset, &byte) in rest.iter().enumerate().take(LONGEST_VALUE) {
        let at = cursor.at + offset;
        if skip {
            if escaped && byte == quote {
                return Some(Found { at: Match { start: cursor.at, end: at - 1 }, quoted: true });
            }
            skip = false;
        } else if byte == b'\\' {
            skip = true;
        } else if byte == b'\n' {
            return None;
        } else if byte == quote {
            return Some(Found { at: Match { start: cursor.at, end: at }, quoted: true });
        }
    }
    let _ = text;
    None
}

/// `getenv("NAME") ?: "…"`: what is taken where a variable is not set.
fn otherwise(text: &str, mut cursor: Cursor<'_>) -> Option<Found> {
    cursor.at += 1;
    let _ = cursor.blanks();
    let takes = ["?:", "??", "||", "or ", "{"].iter().any(|operator| cursor.takes(operator));
    let _ = cursor.blanks();
    if takes { quoted(text, cursor) } else { None }
}

/// `Name { get; set; } = "…"`: what a property of C# starts as.
fn initial(text: &str, mut cursor: Cursor<'_>) -> Option<Found> {
    let rest = cursor.bytes.get(cursor.at..)?;
    let rest = rest.get(..MOST_BLANKS.min(rest.len()))?;
    let close = memchr::memchr(b'}', rest)?;
    memchr::memmem::find(rest.get(..close)?, b"get;")?;
    cursor.at += close + 1;
    let _ = cursor.blanks();
    if !cursor.takes("=") || cursor.sees(">") {
        return None;
    }
    let _ = cursor.blanks();
    quoted(text, cursor)
}

/// `: &str = "…"`: the literal after a type.
fn after_type(text: &str, mut cursor: Cursor<'_>) -> Option<Found> {
    let rest = cursor.bytes.get(cursor.at..)?;
    let is_type = |byte: &u8| byte.is_ascii_alphanumeric() || b"_<>&'[]?|:., *".contains(byte);
    let length = rest.iter().take(64).take_while(|byte| is_type(byte)).count();
    cursor.at += length;
    if length == 0 || !cursor.takes("=") || cursor.sees("=") || cursor.sees(">") {
        return None;
    }
    let _ = cursor.blanks();
    quoted(text, cursor)
}

/// `("NAME", "value")` and `{"name": "NAME", "value": "…"}`.
fn after_comma(text: &str, mut cursor: Cursor<'_>, call: bool) -> Option<Found> {
    let _ = cursor.skip(b" \t\r\n");
    let mut pair = cursor;
    let _ = pair.quote();
    if pair.takes("value") || pair.takes("Value") {
        let closed = pair.quote().is_some();
        let _ = pair.blanks();
        if closed && (pair.takes(":") || pair.takes("=")) {
            let _ = pair.blanks();
            return quoted(text, pair);
        }
    }
    if call { quoted(text, cursor) } else { None }
}

/// Blocks of Terraform: `variable "NAME" { default = "…" }`, and `name = "NAME"` with
/// `value = "…"` on the next line.
fn in_block(text: &str, mut cursor: Cursor<'_>, quote: usize) -> Option<Found> {
    let head = cursor.bytes.get(quote.saturating_sub(MOST_BLANKS)..quote)?.trim_ascii_end();
    let field = if head.ends_with(b"variable") && cursor.takes("{") {
        let rest = cursor.bytes.get(cursor.at..)?;
        let rest = rest.get(..LONGEST_VALUE.min(rest.len()))?;
        // Blocks are closed at the start of a line.
        let block = rest.get(..memchr::memmem::find(rest, b"\n}")?)?;
        let at = memchr::memmem::find_iter(block, b"default").find(|&at| {
            at.checked_sub(1)
                .and_then(|before| block.get(before))
                .is_none_or(|&b| b" \t\n".contains(&b))
        })?;
        cursor.at += at;
        "default"
    } else if head.strip_suffix(b"=")?.trim_ascii_end().ends_with(b"name") {
        let _ = cursor.skip(b" \t\r\n");
        "value"
    } else {
        return None;
    };
    if !cursor.takes(field) {
        return None;
    }
    let _ = cursor.blanks();
    if !cursor.takes("=") {
        return None;
    }
    let _ = cursor.blanks();
    quoted(text, cursor)
}

/// `key="NAME" value="…"` of XML, in this order or the other.
fn beside(text: &str, mut cursor: Cursor<'_>, quote: usize, blanks: usize) -> Option<Found> {
    let head = cursor.bytes.get(quote.saturating_sub(LONGEST_VALUE)..quote)?;
    let head = head.strip_suffix(b"key=").or_else(|| head.strip_suffix(b"name="))?;
    if blanks > 0 && cursor.takes("value=") {
        return quoted(text, cursor);
    }
    let head = head.trim_ascii_end().strip_suffix(b"\"")?;
    let open = head.iter().rposition(|&byte| byte == b'"' || byte == b'\n')?;
    let start = quote.min(LONGEST_VALUE);
    let from = quote - start + open + 1;
    let end = quote - start + head.len();
    head.get(..=open)?
        .ends_with(b" value=\"")
        .then_some(Found { at: Match { start: from, end }, quoted: true })
}

/// `- name: NAME` with `value: …` on the next line, as in lists of environment variables.
fn value_below(
    text: &str,
    mut cursor: Cursor<'_>,
    start: usize,
    quoted_name: bool,
    class: FileClass,
) -> Option<Found> {
    let head = cursor.bytes.get(..start - usize::from(quoted_name))?;
    let head = head.get(head.len().saturating_sub(64)..)?.trim_ascii_end();
    if class == FileClass::Source || !(head.ends_with(b"name:") || head.ends_with(b"key:")) {
        return None;
    }
    let _ = cursor.skip(b" \t\r\n");
    if !cursor.takes("value:") {
        return None;
    }
    let _ = cursor.blanks();
    quoted(text, cursor).or_else(|| bare(text, cursor.at, false))
}

/// Whether the quote at `quote` opens the first argument of a call.
fn is_argument(bytes: &[u8], quote: usize) -> bool {
    let head = bytes.get(quote.saturating_sub(8)..quote).unwrap_or_default();
    head.trim_ascii_end().ends_with(b"(")
}

/// Whether the name at `start` is an option of a command line.
fn is_option(bytes: &[u8], start: usize) -> bool {
    bytes.get(start..).is_some_and(|name| name.starts_with(b"--"))
}

/// Whether `start` stands in a string that is given to `sh` or `bat`.
fn in_step(bytes: &[u8], start: usize) -> bool {
    let head = bytes.get(start.saturating_sub(LONGEST_VALUE)..start).unwrap_or_default();
    let quote = head.iter().rposition(|&byte| matches!(byte, b'"' | b'\'' | b'\n'));
    let head = quote.and_then(|quote| head.get(..quote)).unwrap_or_default();
    let head = head.trim_ascii_end();
    let head = head.strip_suffix(b"(").unwrap_or(head);
    ["sh", "bat", "powershell", "pwsh"].iter().any(|step| {
        head.strip_suffix(step.as_bytes())
            .is_some_and(|head| !head.last().is_some_and(|&byte| byte.is_ascii_alphanumeric()))
    })
}

/// Whether the name at `start` follows another setting of a connection string.
fn behind_semicolon(bytes: &[u8], start: usize) -> bool {
    let head = bytes.get(..start).unwrap_or_default();
    let head = head.get(head.len().saturating_sub(4)..).unwrap_or_default();
    // On the same line: statements end with one too.
    head.iter().rev().find(|byte| !b" \t".contains(byte)) == Some(&b';')
}

/// Everything up to a byte that ends it, on one line.
fn until(text: &str, from: usize, ends: impl Fn(u8) -> bool) -> Option<Match> {
    let rest = text.as_bytes().get(from..)?;
    let length = rest
        .iter()
        .take(LONGEST_VALUE)
        .take_while(|&&byte| byte != b'\n' && byte != b'\r' && !ends(byte))
        .count();
    (length > 0 && length < LONGEST_VALUE).then_some(Match { start: from, end: from + length })
}

/// A literal without quotes. A `tight` one ends at a blank; another one is the rest of its line
/// without a comment, and must then hold no blank.
fn bare(text: &str, from: usize, tight: bool) -> Option<Found> {
    let first = text.as_bytes().get(from).copied()?;
    if text.get(from..)?.starts_with("${") {
        // A reference that may fall back to a literal.
        let at = until(text, from, |byte| b" \t}\"'`".contains(&byte))?;
        let closed = text.as_bytes().get(at.end) == Some(&b'}');
        let at = Match { start: from, end: at.end + 1 };
        return closed.then_some(Found { at, quoted: false });
    }
    if b"!&*|>[{<\"'`$(%@#,;".contains(&first) && !(first == b'!' && tight) {
        return None;
    }
    let quotes = |byte: u8| matches!(byte, b'"' | b'\'' | b'`' | b'<');
    let line = until(text, from, quotes)?;
    let value = text.get(line.start..line.end)?;
    let value = if tight {
        value.split([' ', '\t', ';', '&', ',']).next().unwrap_or("")
    } else {
        let value = value.find(" #").map_or(value, |comment| value.get(..comment).unwrap_or(value));
        value.trim_end().trim_end_matches([',', ';', '}', ']', ')']).trim_end()
    };
    let escape = value.find("\\n").unwrap_or(value.len());
    let value = value.get(..escape)?;
    if value.is_empty() || value.contains([' ', '\t']) {
        return None;
    }
    Some(Found { at: Match { start: from, end: from + value.len() }, quoted: false })
}

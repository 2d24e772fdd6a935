//! Comments that document code.

use super::line_at;

/// A comment is followed no further than this, in bytes.
const REACH: usize = 32_768;
/// How far a remark stands before what it is about, in bytes.
const NEAR: usize = 120;

/// Whether the byte at `at` stands in `/// …`, `//! …` or `/** … */`.
pub(super) fn is_marked(text: &str, at: usize) -> bool {
    let (start, line) = line_at(text, at);
    let line = line.trim_start();
    if line.starts_with("///") || line.starts_with("//!") {
        return true;
    }
    let bytes = text.as_bytes();
    let from = start.saturating_sub(REACH);
    let before = bytes.get(from..at).unwrap_or_default();
    let Some(open) = memchr::memmem::rfind(before, b"/**") else { return false };
    let inside = before.get(open + 3..).unwrap_or_default();
    // Patterns of files hold the same characters: a comment starts its line.
    let (_, opening) = line_at(text, from + open);
    opening.trim_start().starts_with("/**") && memchr::memmem::find(inside, b"*/").is_none()
}

/// What may follow the documentation of Go.
const DECLARATIONS: &[&str] = &["package ", "func ", "type ", "var ", "const "];

/// Whether the byte at `at` stands in a block of `//` right above a declaration.
pub(super) fn is_above_declaration(text: &str, at: usize) -> bool {
    let (start, line) = line_at(text, at);
    if !line.starts_with("//") {
        return is_in_block(text, at);
    }
    let rest = text.get(start..).unwrap_or_default();
    let mut seen = 0;
    for line in rest.split('\n') {
        seen += line.len();
        if seen > REACH {
            return false;
        }
        if !line.starts_with("//") {
            return DECLARATIONS.iter().any(|word| line.starts_with(word));
        }
    }
    false
}

/// Whether the byte at `at` stands in `/* … */` that ends right above the clause of a package.
fn is_in_block(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let before = bytes.get(at.saturating_sub(REACH)..at).unwrap_or_default();
    let Some(open) = memchr::memmem::rfind(before, b"/*") else { return false };
    let starts_line = open == 0 || before.get(open - 1) == Some(&b'\n');
    let inside = before.get(open..).unwrap_or_default();
    if !starts_line || memchr::memmem::find(inside, b"*/").is_some() {
        return false;
    }
    let after = bytes.get(at..(at + REACH).min(bytes.len())).unwrap_or_default();
    let Some(close) = memchr::memmem::find(after, b"*/") else { return false };
    let next = after.get(close + 2..).unwrap_or_default().trim_ascii_start();
    DECLARATIONS.iter().any(|word| next.starts_with(word.as_bytes()))
}

/// Whether the byte at `at` stands between `=head1` or the like and `=cut`.
pub(super) fn is_pod(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let before = bytes.get(at.saturating_sub(8 * REACH)..at).unwrap_or_default();
    let mut to = before.len();
    while let Some(sign) = before.get(..to).and_then(|before| memchr::memmem::rfind(before, b"\n="))
    {
        let command = before.get(sign + 2..).unwrap_or_default();
        if command.first().is_some_and(u8::is_ascii_lowercase) {
            return !command.starts_with(b"cut");
        }
        to = sign;
    }
    false
}

/// Whether a remark on the same line says that an example follows: `# Example: …`.
pub(super) fn is_remarked_example(text: &str, at: usize) -> bool {
    let (start, _) = line_at(text, at);
    let bytes = text.as_bytes();
    let before = bytes.get(start.max(at.saturating_sub(NEAR))..at).unwrap_or_default();
    let remark = before.iter().rposition(|&byte| byte == b'#').or_else(|| {
        let slashes = memchr::memmem::rfind(before, b"//")?;
        // `https://…` is no remark.
        (slashes == 0 || before.get(slashes - 1) != Some(&b':')).then_some(slashes)
    });
    let Some(remark) = remark.and_then(|remark| before.get(remark..)) else { return false };
    let lower = remark.to_ascii_lowercase();
    let is_word = |at: usize, length: usize| {
        let outer = |byte: Option<&u8>| byte.is_none_or(|byte| b" \t:-,(".contains(byte));
        at.checked_sub(1).and_then(|before| lower.get(before)).is_none_or(|b| b"# \t(/".contains(b))
            && outer(lower.get(at + length))
    };
    [b"example".as_slice(), b"e.g."].iter().any(|word| {
        memchr::memmem::find_iter(&lower, *word).any(|found| is_word(found, word.len()))
    })
}

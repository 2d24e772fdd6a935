//! Identifiers and text as the data types of OSCAL want them.

use crate::inert;
use crate::words::cut;

/// Characters of a value or a title.
const MAX_LINE: usize = 1_000;
/// Characters of a description.
const MAX_PROSE: usize = 8_000;

/// An identifier of the form of version 5, whose digits are a hash of what is named.
pub(super) fn uuid(kind: &str, parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("careen.dev 2026-11-26 oscal identifiers");
    for part in std::iter::once(&kind).chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    let number = u128::from_be_bytes(bytes);
    // Version and variant of RFC 9562.
    let number = number & !(0xf << 76) | 5 << 76;
    let number = number & !(0b11 << 62) | 0b10 << 62;
    let digits = format!("{number:032x}");
    let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|at| digits.get(at));
    let [a, b, c, d, e] = [a, b, c, d, e].map(Option::unwrap_or_default);
    format!("{a}-{b}-{c}-{d}-{e}")
}

/// A token: an XML name without a colon.
pub(super) fn token(id: &str) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let mut token: String = id.chars().map(|it| if fits(it) { it } else { '_' }).collect();
    token.truncate(200);
    if !token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        token.insert(0, '_');
    }
    token
}

/// A value: one line that neither begins nor ends with a blank, and is not empty.
pub(super) fn text(value: &str) -> String {
    let value = inert::line(value);
    let value = cut(value.trim(), MAX_LINE);
    if value.is_empty() { "-".to_owned() } else { value.into_owned() }
}

/// A title, which is Markdown on one line.
pub(super) fn line(title: &str) -> String {
    markdown(&text(title))
}

/// A description, which is Markdown.
pub(super) fn prose(description: &str) -> String {
    let description = inert::line(description);
    let description = cut(description.trim(), MAX_PROSE);
    if description.is_empty() { "-".to_owned() } else { markdown(&description) }
}

/// Text in which only what stands between back quotes means something.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len().saturating_sub(1);
    for (number, part) in parts.iter().enumerate() {
        match (number % 2 == 1, number < last) {
            // Two quotes with nothing between them would open a longer span.
            (true, true) if !part.is_empty() => out.push_str(&format!("`{part}`")),
            (true, true) => out.push_str("\\`\\`"),
            (odd, _) => {
                if odd {
                    out.push_str("\\`");
                }
                escape_into(part, &mut out);
            }
        }
    }
    out
}

fn escape_into(text: &str, out: &mut String) {
    for character in text.chars() {
        if "\\*_{}[]<>&#|~!$".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::{line, prose, text, token, uuid};

    #[test]
    fn identifiers_are_of_version_5_and_apart() {
        let one = uuid("a", &["b", "c"]);
        assert_eq!((one.len(), &one[14..15]), (36, "5"));
        assert!("89ab".contains(&one[19..20]), "{one}");
        assert_eq!(one, uuid("a", &["b", "c"]));
        for other in [uuid("a", &["bc"]), uuid("ab", &["c"]), uuid("a", &["b", "c", ""])] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn tokens_are_names() {
        assert_eq!(token("line-12"), "line-12");
        assert_eq!(token("3d"), "_3d");
        assert_eq!(token(""), "_");
        assert_eq!(token("a b/\u{1b}ü"), "a_b___");
    }

    #[test]
    fn text_is_never_empty_and_one_line() {
        assert_eq!(text(" a\n"), "a\\u{a}");
        assert_eq!((text("  "), line(""), prose("")), ("-".into(), "-".into(), "-".into()));
        assert_eq!(text(" a b "), "a b");
    }

    #[test]
    fn only_code_is_markdown() {
        assert_eq!(prose("a `b_c` *d* <e>"), "a `b_c` \\*d\\* \\<e\\>");
        assert_eq!(prose("a ` b"), "a \\` b");
        assert_eq!(prose("``x"), "\\`\\`x");
        assert_eq!(prose("[a](b) {{ insert: c }}"), "\\[a\\](b) \\{\\{ insert: c \\}\\}");
    }
}

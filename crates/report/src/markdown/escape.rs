//! Text from files in Markdown, where it must make nothing: no link, no table cell, no element, no
//! emphasis, and, on hosts, no mention of a person and no reference to an issue.
//!
//! Hosts look for mentions and references after Markdown is done, so a backslash is no help: the text
//! must stand in a `code` element, where they look for none. A code span would do, but not inside of a
//! table, where a bar ends the cell before the span is seen; so it is the element, with all of
//! Markdown's own characters escaped inside.

use crate::inert;
use crate::words::cut;

/// A sentence of ours with parts of files in it: what stands between back quotes is code, and so is
/// every word that a host could read more into.
pub(crate) fn prose(text: &str, most: usize) -> String {
    let text = inert::line(text);
    let text = cut(&text, most);
    let mut out = String::with_capacity(text.len() + 16);
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len().saturating_sub(1);
    for (number, part) in parts.iter().enumerate() {
        // An odd part stands between two quotes, but for the last, whose second one is missing.
        if number % 2 == 1 && number < last {
            code_into(part, &mut out);
        } else {
            if number % 2 == 1 {
                out.push_str("\\`");
            }
            for (at, word) in part.split(' ').enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                if is_plain(word) { escape_into(word, &mut out) } else { code_into(word, &mut out) }
            }
        }
    }
    out
}

/// Text that is code as a whole: a path, a name.
pub(crate) fn code(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let text = inert::line(text);
    code_into(&cut(&text, most), &mut out);
    out
}

/// A title inside of an HTML block, such as `<summary>`, where Markdown is not read and a backslash would
/// be seen.
pub(crate) fn title(text: &str, most: usize) -> String {
    let text = inert::line(text);
    let words = cut(&text, most);
    let entities = |word: &str| {
        let mut out = String::with_capacity(word.len());
        for character in word.chars() {
            if character.is_alphanumeric() || "-'()/.,;?…›".contains(character) {
                out.push(character);
            } else {
                out.push_str(&format!("&#{};", u32::from(character)));
            }
        }
        out
    };
    let words: Vec<String> = words
        .split(' ')
        .map(|word| match entities(word) {
            entities if is_plain(word) => entities,
            entities => format!("<code>{entities}</code>"),
        })
        .collect();
    words.join(" ")
}

fn code_into(text: &str, out: &mut String) {
    if text.is_empty() {
        return;
    }
    out.push_str("<code>");
    escape_into(text, out);
    out.push_str("</code>");
}

/// Whether a word can only be read as a word.
fn is_plain(word: &str) -> bool {
    let prose = |c: char| c.is_alphanumeric() || "-'\"()/.,;:?…&›·–“”’".contains(c);
    // Only what follows the sign would make a reference of it.
    let end = word.trim_end_matches(|c: char| prose(c) && !c.is_alphanumeric());
    let word = end.strip_suffix('%').unwrap_or(word);
    let lower = word.to_ascii_lowercase();
    // Addresses and the ids of commits are linked wherever they stand.
    let is_id = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_reference =
        lower.strip_prefix("gh-").is_some_and(|rest| rest.starts_with(char::is_numeric));
    word.chars().all(prose)
        && !lower.contains("://")
        && !lower.contains("www.")
        && !is_id
        && !is_reference
        && !(word.len() > 1 && word.starts_with(':') && word.ends_with(':'))
}

/// Escapes whatever has a meaning in Markdown or HTML. `$` would begin a formula before backslashes
/// are looked at.
fn escape_into(text: &str, out: &mut String) {
    for (at, character) in text.char_indices() {
        let (before, rest) = text.split_at(at);
        match character {
            // Addresses are linked by Markdown itself, inside of code elements too.
            ':' if rest.starts_with("://") => out.push_str("\\:"),
            '.' if has_www(before) => {
                out.push_str("\\.");
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("&#36;"),
            // An address of mail would be linked even so: what comes after must be another text.
            '@' => out.push_str("&#64;<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '+' | '!' | '|' | '~' | '='
            | '^' | '"' | '%' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
}

fn has_www(before: &str) -> bool {
    let start = before.len().wrapping_sub(3);
    before.get(start..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::{code, prose, title};

    #[test]
    fn sentences_stay_readable() {
        let text = "container `web` in Deployment `shop/web` has no CPU request";
        let expected =
            "container <code>web</code> in Deployment <code>shop/web</code> has no CPU request";
        assert_eq!(prose(text, 99), expected);
        assert_eq!(
            prose("it's (not) set, e.g. by a person: no", 99),
            "it's (not) set, e.g. by a person: no"
        );
        assert_eq!(prose("a lone ` quote", 99), "a lone \\` quote");
    }

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(
            prose("see [x](https://e.example)", 99),
            "see <code>\\[x\\](https\\://e.example)</code>"
        );
        assert_eq!(prose("a | b", 99), "a <code>\\|</code> b");
        assert_eq!(prose("<img src=x>", 99), "<code>&lt;img</code> <code>src\\=x&gt;</code>");
        assert_eq!(code("`a|b`$x$\n", 99), "<code>\\`a\\|b\\`&#36;x&#36;\\\\u\\{a\\}</code>");
        assert_eq!(code("", 9), "");
    }

    #[test]
    fn percentages_and_quotes_are_prose() {
        assert_eq!(prose("“0.1 % & 80%” of", 99), "“0.1 \\% &amp; 80\\%” of");
        assert_eq!(prose("%12", 9), "<code>\\%12</code>");
    }

    #[test]
    fn titles_have_no_backslashes() {
        assert_eq!(
            title("Build & test › C++ (v1)", 99),
            "Build &#38; test › <code>C&#43;&#43;</code> (v1)"
        );
        assert_eq!(
            title("</summary>@a `b`", 99),
            "<code>&#60;/summary&#62;&#64;a</code> <code>&#96;b&#96;</code>"
        );
        assert_eq!(title("https://e.example", 99), "<code>https&#58;//e.example</code>");
    }

    #[test]
    fn addresses_of_mail_are_no_links() {
        let expected = "by <code>a&#64;<!-- -->example.org</code>";
        assert_eq!(prose("by a@example.org", 99), expected);
    }

    #[test]
    fn nobody_is_called_and_nothing_is_referred_to() {
        for word in [
            "@octocat",
            "#12",
            "org/repo#1",
            "GH-12",
            "https://a.b",
            "www.a.b",
            "deadbeef",
            "!5",
            "~label",
            ":boom:",
        ] {
            let text = prose(&format!("say {word} twice"), 99);
            assert!(text.starts_with("say <code>") && text.ends_with("</code> twice"), "{text}");
            assert!(!["@", "https:", "www."].iter().any(|live| text.contains(live)), "{text}");
        }
    }
}

//! Scalars as text.

use super::New;
use crate::Style;
use crate::scalar::{Scalar, resolve};

/// A scalar in the style of the one it replaces. `quoted` asks for the quotes of JSON around every
/// string.
pub(super) fn render(value: New<'_>, style: Style, quoted: bool) -> Option<String> {
    match value {
        New::Raw(text) => Some(text.to_owned()),
        New::Text(text) => Some(match style {
            Style::SingleQuoted if is_printable(text) => single(text),
            Style::DoubleQuoted => double(text),
            _ => string(text, quoted),
        }),
        New::Map(_) | New::List(_) => None,
    }
}

/// A string, plain where every reader takes it for one.
pub(super) fn string(text: &str, quoted: bool) -> String {
    if !quoted && is_plain(text) { text.to_owned() } else { double(text) }
}

/// A string in quotes, as few escapes as possible.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && is_printable(text) { single(text) } else { double(text) }
}

fn is_printable(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// Words and names only: what may stand plain in a flow collection too.
fn is_plain(text: &str) -> bool {
    let first = text.bytes().next();
    first.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'/')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./-".contains(&byte))
        && matches!(resolve(text, Style::Plain, None), Scalar::Str(_))
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if character.is_control() || character == '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{quoted, string};

    #[test]
    fn strings_stay_strings() {
        for (text, expected) in [
            ("ALL", "ALL"),
            ("RuntimeDefault", "RuntimeDefault"),
            ("batch/v1", "batch/v1"),
            ("on", "\"on\""),
            ("1e3", "\"1e3\""),
            ("0644", "\"0644\""),
            ("a: b", "\"a: b\""),
            ("-", "\"-\""),
            ("", "\"\""),
            ("a\n\"b", "\"a\\n\\\"b\""),
        ] {
            assert_eq!(string(text, false), expected);
        }
        assert_eq!(string("ALL", true), "\"ALL\"");
        assert_eq!(quoted("a\\d"), "'a\\d'");
        assert_eq!(quoted("no"), "\"no\"");
    }
}

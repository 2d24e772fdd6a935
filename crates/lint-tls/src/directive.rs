//! Directives in texts of any syntax: a name, then its value on the same line, whatever stands
//! between them. `ssl_protocols TLSv1;`, `tlsMinVersion: "VersionTLS10"`, `--insecure=true`,
//! `export NODE_TLS_REJECT_UNAUTHORIZED=0`, and the two lines of a container's variable.

use careen_model::{File, FileKind};
use careen_text::Span;
use memchr::memmem;

/// Directives of one name that are read in one file.
const MOST: usize = 1_000;
/// Longest value that is read, in bytes.
const LONGEST: usize = 4_096;

/// A directive in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Directive<'a> {
    /// The name as it is written.
    pub(crate) name: &'a str,
    pub(crate) name_span: Span,
    /// The value up to the end of the line, or to the end of its quotes; empty where there is
    /// none.
    pub(crate) value: &'a str,
    pub(crate) value_span: Span,
}

impl<'a> Directive<'a> {
    /// The first word of the value.
    pub(crate) fn word(&self) -> &'a str {
        let end = |character: char| {
            character.is_whitespace()
                || matches!(character, ',' | ';' | '}' | ']' | ')' | '"' | '\'' | '<')
        };
        self.value.split(end).next().unwrap_or_default()
    }

    /// The span of the first word, or of the name where there is no value.
    pub(crate) fn word_span(&self) -> Span {
        let length = u32::try_from(self.word().len()).unwrap_or_default();
        if length == 0 {
            return self.name_span;
        }
        Span::new(self.value_span.start, self.value_span.start.saturating_add(length))
    }

    /// Whether the first word is one of these, in any case.
    pub(crate) fn is(&self, words: &[&str]) -> bool {
        words.iter().any(|word| word.eq_ignore_ascii_case(self.word()))
    }
}

/// A text in which directives are sought.
pub(crate) struct Directives<'a> {
    text: &'a str,
    lower: String,
}

impl<'a> Directives<'a> {
    /// Of a file; none where it holds no directives but programs and prose, which speak about them.
    pub(crate) fn of(file: &'a File) -> Option<Self> {
        let speaks = matches!(file.kind, FileKind::Code | FileKind::Prose | FileKind::Lock);
        (!speaks && !is_changelog(file.source.path())).then(|| Self::read(file.source.text()))
    }

    pub(crate) fn read(text: &'a str) -> Self {
        Self { text, lower: text.to_ascii_lowercase() }
    }

    /// All directives of a name, which is lower-case, in any case. Those in comments are left out.
    pub(crate) fn named(&self, name: &str) -> Vec<Directive<'a>> {
        let found = memmem::find_iter(self.lower.as_bytes(), name.as_bytes());
        found.filter_map(|at| self.at(at, name.len())).take(MOST).collect()
    }

    fn at(&self, at: usize, length: usize) -> Option<Directive<'a>> {
        let text = self.text;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let before = text.get(..at)?;
        let name = text.get(at..at + length)?;
        let after = text.get(at + length..)?;
        let is_whole = !before.bytes().next_back().is_some_and(is_part)
            && !after.bytes().next().is_some_and(|byte| is_part(byte) || byte == b'-');
        let line = before.rsplit('\n').next().unwrap_or_default();
        if !is_whole || is_comment(line) {
            return None;
        }
        let mut start = at + length;
        let line = after.split('\n').next().unwrap_or_default();
        let mut rest = line.trim_end();
        // A variable of a container has its value on the next line.
        let alone = rest.trim_matches(['"', '\'', ' ', '\t', ',']).is_empty();
        if alone {
            let next = after.get(line.len() + 1..).unwrap_or_default();
            let next_line = next.split('\n').next().unwrap_or_default();
            let trimmed = next_line.trim_start();
            let value = trimmed
                .strip_prefix("value:")
                .or_else(|| trimmed.strip_prefix("\"value\":"))
                .or_else(|| trimmed.strip_prefix("- "));
            if let Some(value) = value {
                start += line.len() + 1 + (next_line.len() - value.len());
                rest = value.trim_end();
            }
        }
        let value = rest.trim_start_matches(separates);
        start += rest.len() - value.len();
        // A quote before the value ends it.
        let quote = rest.get(..rest.len() - value.len()).and_then(|gap| gap.chars().next_back());
        let value = match quote {
            Some(quote @ ('"' | '\'')) => value.split(quote).next().unwrap_or_default(),
            _ => value.trim_end_matches(['"', '\'', ',', ';']),
        };
        let value = value.get(..value.len().min(LONGEST)).unwrap_or_default();
        Some(Directive {
            name,
            name_span: Span::of(at..at + length),
            value,
            value_span: Span::of(start..start + value.len()),
        })
    }
}

/// Whether a file lists what was changed, in sentences, whatever it is written in.
fn is_changelog(path: &str) -> bool {
    let starts =
        |part: &str| part.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("changelog"));
    path.rsplit('/').take(2).any(starts)
}

fn separates(character: char) -> bool {
    matches!(character, ' ' | '\t' | '=' | ':' | '"' | '\'' | ',' | '[')
}

/// Whether what follows the beginning of a line is a comment.
fn is_comment(line: &str) -> bool {
    let start = line.trim_start();
    ["#", "//", ";", "<!--", "*"].iter().any(|mark| start.starts_with(mark))
        || line.contains(" #")
        || line.contains(" //")
}

#[cfg(test)]
mod tests {
    use super::Directives;

    #[test]
    fn values_in_many_syntaxes() {
        for (text, value) in [
            ("ssl_protocols TLSv1 TLSv1.2;", "TLSv1 TLSv1.2"),
            ("  ssl_protocols: \"TLSv1\" # x", "TLSv1"),
            ("SSL_PROTOCOLS=TLSv1", "TLSv1"),
            ("--ssl_protocols=TLSv1\n", "TLSv1"),
            ("\"ssl_protocols\": \"TLSv1\",", "TLSv1"),
            ("- name: ssl_protocols\n  value: \"TLSv1\"\n", "TLSv1"),
            ("- name: ssl_protocols\n  value: TLSv1\n", "TLSv1"),
            ("ssl_protocols", ""),
        ] {
            let found = Directives::read(text).named("ssl_protocols");
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].value, value, "{text}");
            assert_eq!(found[0].value_span.range().len(), value.len());
            assert_eq!(&text[found[0].value_span.range()], value, "{text}");
        }
    }

    #[test]
    fn what_is_no_directive() {
        for text in [
            "# ssl_protocols TLSv1",
            "my_ssl_protocols x",
            "ssl_protocols_x y",
            "a # ssl_protocols x",
        ] {
            assert!(Directives::read(text).named("ssl_protocols").is_empty(), "{text}");
        }
    }
}

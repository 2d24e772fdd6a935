//! Headings of prose that is not in Markdown: AsciiDoc, reStructuredText, plain text.

use careen_text::{Source, Span};

use crate::markdown::{Heading, Page};

/// The most headings of a page that are looked at.
const MOST: usize = 10_000;
/// The longest line that is a heading, in bytes.
const LONGEST: usize = 200;

/// Reads the headings of a page: `== Title`, a line with a line of marks below it, and in plain text a
/// line that begins with a version.
pub(crate) fn read(source: &Source) -> Page {
    let mut page = Page::default();
    let mut marks: Vec<char> = Vec::new();
    let lines = lines(source.text());
    for (at, &(start, line)) in lines.iter().enumerate() {
        if page.headings.len() >= MOST {
            break;
        }
        let line = line.trim_end();
        if line.is_empty() || line.len() > LONGEST || line.starts_with(char::is_whitespace) {
            continue;
        }
        let next = lines.get(at + 1).map_or("", |(_, next)| next.trim_end());
        let below = |skipped: usize| {
            lines.get(at + skipped).map_or(source.text().len(), |&(start, _)| start)
        };
        let (level, end) = if let Some(level) = asciidoc(line) {
            (level, below(1))
        } else if let Some(mark) = underline(line, next) {
            let known = marks.iter().position(|&each| each == mark);
            let level = known.unwrap_or_else(|| {
                marks.push(mark);
                marks.len() - 1
            });
            (level + 1, below(2))
        } else if crate::version::at_start(line).is_some() {
            (2, below(1))
        } else {
            continue;
        };
        let text = line.trim_start_matches('=').trim().to_owned();
        let span = Span::of(start..start + line.len());
        page.headings.push(Heading { level, text, span, end: Span::of(0..end).end });
    }
    page
}

/// The lines with their offsets, without breaks, the byte order mark left out.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let each = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        let bare = if start == 0 { line.trim_start_matches('\u{feff}') } else { line };
        (start + line.len() - bare.len(), bare)
    });
    each.collect()
}

/// The level of `== Title`.
fn asciidoc(line: &str) -> Option<usize> {
    let level = line.bytes().take_while(|&byte| byte == b'=').count();
    let rest = line.get(level..)?;
    ((1..=6).contains(&level) && rest.starts_with(' ') && !rest.trim().is_empty()).then_some(level)
}

/// The mark that underlines a line.
fn underline(line: &str, next: &str) -> Option<char> {
    let mark = next.chars().next().filter(char::is_ascii_punctuation)?;
    let is_long = next.len() >= line.chars().count().max(3);
    let is_title = line.contains(char::is_alphanumeric);
    (is_long && is_title && next.chars().all(|each| each == mark)).then_some(mark)
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::read;

    #[test]
    fn headings_of_other_forms_are_found() {
        let text = "\u{feff}Title\r\n=====\r\ntext\r\n\r\nPart\r\n----\r\n\r\n== Other\nx\n";
        let source = Source::new("a.rst", text);
        let page = read(&source);
        let found: Vec<_> = page
            .headings
            .iter()
            .map(|heading| (heading.level, source.slice(heading.span), heading.text.as_str()))
            .collect();
        let expected = [(1, "Title", "Title"), (2, "Part", "Part"), (2, "== Other", "Other")];
        assert_eq!(found, expected);
        assert_eq!(page.section(1, text), "\r\n== Other\nx\n".split("== ").next().unwrap());
    }

    #[test]
    fn versions_begin_entries_of_plain_text() {
        let page = read(&Source::new("CHANGES", "1.5.0 (2026-11-20)\n  * one\n\n1.4.0\n  * two\n"));
        assert_eq!(page.headings.len(), 2);
    }
}

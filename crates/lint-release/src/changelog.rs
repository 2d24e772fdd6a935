//! The entries of a changelog.

use std::ops::Range;

use careen_model::{Document, File, PathClass, Snapshot};
use careen_rule::Day;
use careen_text::Span;
use semver::Version;

use crate::markdown::{Heading, Page};
use crate::place::depth;
use crate::{version, wording};

/// An entry of a version.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) version: Version,
    /// The version as written.
    pub(crate) span: Span,
    /// The day as written.
    pub(crate) date: Option<(String, Span)>,
    /// The text below its heading.
    pub(crate) body: Range<usize>,
}

impl Entry {
    /// The day, if it is one.
    pub(crate) fn day(&self) -> Option<Day> {
        day(&self.date.as_ref()?.0)
    }

    /// Whether something is said of the version.
    pub(crate) fn says_something(&self, text: &str) -> bool {
        let body = text.get(self.body.clone()).unwrap_or_default();
        let mut lines = body.lines().map(str::trim);
        lines.any(|line| {
            let is_definition = line.starts_with('[') && line.contains("]:");
            let bare = line.trim_start_matches(['-', '*', '+', ' ']);
            !line.starts_with('#')
                && !line.starts_with("<!--")
                && !is_definition
                && !wording::is_placeholder(bare)
        })
    }

    /// Whether it says that something breaks or is gone.
    pub(crate) fn tells_breaks(&self, text: &str) -> bool {
        const WORDS: [&str; 9] = [
            "breaking",
            "breaks",
            "removed",
            "removes",
            "removal",
            "incompatible",
            "no longer",
            "dropped",
            "drops",
        ];
        let body = text.get(self.body.clone()).unwrap_or_default().to_lowercase();
        WORDS.iter().any(|word| wording::has_words(&body, word)) || body.contains("!:")
    }
}

/// The entries with a version, in the order of the file.
pub(crate) fn entries(page: &Page, text: &str) -> Vec<Entry> {
    let versioned = |heading: &&Heading| of_heading(heading, text).is_some();
    let Some(top) = page.headings.iter().filter(versioned).map(|each| each.level).min() else {
        return Vec::new();
    };
    // Some programs write patches one level deeper. There, a heading may also begin with the version of
    // something else, but then it has no day.
    let is_entry = |heading: &Heading| {
        let Some((_, at)) = of_heading(heading, text) else { return false };
        heading.level == top
            || heading.level == top + 1 && date(text, at.end, heading.span.end as usize).is_some()
    };
    let starts: Vec<&Heading> =
        page.headings.iter().filter(|each| each.level <= top || is_entry(each)).collect();
    let mut found = Vec::new();
    for (at, heading) in starts.iter().enumerate() {
        let Some((version, written)) = of_heading(heading, text) else { continue };
        let next = starts.get(at + 1);
        let end = next.map_or(text.len(), |next| next.span.start as usize);
        let line_end = heading.span.end as usize;
        let date = date(text, written.end, line_end);
        let span = Span::of(written);
        found.push(Entry { version, span, date, body: heading.end as usize..end });
    }
    found
}

/// The version that a heading begins with, and where it stands in the file.
fn of_heading(heading: &Heading, text: &str) -> Option<(Version, Range<usize>)> {
    let start = heading.span.start as usize;
    let line = text.get(heading.span.range())?;
    let (version, at) = version::at_start(line)?;
    Some((version, start + at.start..start + at.end))
}

/// What is written like a day on the line behind the version, addresses left out.
fn date(text: &str, from: usize, end: usize) -> Option<(String, Span)> {
    let rest = text.get(from..end)?;
    let mut at = 0;
    while let Some(word) = rest.get(at..).filter(|word| !word.is_empty()) {
        if let Some(address) = word.strip_prefix("](") {
            at += 2 + address.find(')').unwrap_or(address.len());
            continue;
        }
        let starts = !rest.get(..at)?.ends_with(|c: char| c.is_ascii_alphanumeric());
        if let Some(length) = dated(word).filter(|_| starts) {
            let written = word.get(..length)?;
            return Some((written.to_owned(), Span::of(from + at..from + at + length)));
        }
        at += word.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// How long the text at the start is that is written like a day: `2026-11-20`, `2026/1/5`.
fn dated(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = *text.as_bytes().get(4).filter(|mark| matches!(mark, b'-' | b'/'))?;
    let month = digits(text.get(5..)?);
    let next = *text.as_bytes().get(5 + month)?;
    let day = digits(text.get(6 + month..)?);
    let fits =
        digits(text) == 4 && (1..=2).contains(&month) && next == mark && (1..=2).contains(&day);
    fits.then_some(6 + month + day)
}

/// The day that a text like `2026-11-20` or `2026/1/5` stands for.
pub(crate) fn day(written: &str) -> Option<Day> {
    let parts: Vec<&str> = written.split(['-', '/']).collect();
    let [year, month, day] = *parts.as_slice() else { return None };
    Day::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// The changelogs of the project itself, the one that speaks for all first: that nearest to the root.
pub(crate) fn changelogs(snapshot: &Snapshot) -> Vec<&File> {
    let is_own = |file: &&File| {
        file.document == Some(Document::Changelog)
            && matches!(file.class, PathClass::Production | PathClass::Documentation)
    };
    let mut found: Vec<&File> = snapshot.files().iter().filter(is_own).collect();
    found.sort_by_key(|file| (depth(file.source.path()), file.source.path().len()));
    found
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::{day, entries};
    use crate::markdown::Page;

    #[test]
    fn entries_are_found_with_their_days() {
        let text = "# Changelog\n\n## [Unreleased]\n- x\n## [1.5.0] - 2026-11-20\n### 2.0.0 of node\n\
                    - one\n\n## [1.4.0](https://x/2020-01-01) (2026-02-30)\n\n## 1.3.0\n- x\n";
        let source = Source::new("CHANGELOG.md", text);
        let found = entries(&Page::read(&source), text);
        let shown: Vec<_> = found
            .iter()
            .map(|entry| {
                let date = entry.date.as_ref().map(|(date, span)| {
                    assert_eq!(source.slice(*span), date);
                    date.as_str()
                });
                (source.slice(entry.span), date, entry.says_something(text))
            })
            .collect();
        let expected = [
            ("1.5.0", Some("2026-11-20"), true),
            ("1.4.0", Some("2026-02-30"), false),
            ("1.3.0", None, true),
        ];
        assert_eq!(shown, expected);
        assert!(found[0].day().is_some() && found[1].day().is_none());
        assert!(day("2026/1/5").is_some());
    }
}

//! Heredocs of `RUN`, `COPY` and `ADD`.

use std::collections::HashMap;

use careen_text::Span;

use super::{Heredoc, lexer, lines::Line};
use crate::Joined;
use crate::joined::Joiner;

/// Heredocs of one instruction; more are not looked for.
const HEREDOCS_MAX: usize = 64;

/// The heredocs that the arguments from `at` on open, without their bodies.
pub(super) fn opened(joined: &Joined, at: usize, escape: char) -> Vec<Heredoc> {
    let text = joined.text();
    if memchr::memmem::find(text.as_bytes(), b"<<").is_none() {
        return Vec::new();
    }
    let words = lexer::ranges(text, at, escape, true);
    words
        .into_iter()
        .filter_map(|range| {
            let raw = text.get(range.clone())?;
            let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
            let rest = raw.get(digits..)?.strip_prefix("<<")?;
            let strip_tabs = rest.starts_with('-');
            let delimiter = rest.strip_prefix('-').unwrap_or(rest);
            // The shell would end the delimiter at an operator.
            let delimiter = delimiter.split([';', '&', '|', '>', ')']).next()?;
            if delimiter.is_empty() || delimiter.contains('<') {
                return None;
            }
            let start = range.start + digits + 2 + usize::from(strip_tabs);
            let end = start + delimiter.len();
            let expand = !delimiter.contains(['\'', '"', escape]);
            Some(Heredoc {
                delimiter: lexer::word(joined, start..end, escape),
                descriptor: raw.get(..digits).and_then(|digits| digits.parse().ok()),
                strip_tabs,
                expand,
                span: joined.span(range.start..end),
                body: Joined::verbatim("", 0),
                body_span: Span::default(),
                end_span: Span::default(),
            })
        })
        .take(HEREDOCS_MAX)
        .collect()
}

/// Where lines with a given text stand, so that finding the end of a heredoc does not read the
/// file again and again.
pub(super) struct Ends<'a> {
    exact: HashMap<&'a str, Vec<usize>>,
    untabbed: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Ends<'a> {
    pub(super) fn new(text: &'a str, lines: &[Line]) -> Self {
        let mut ends = Self { exact: HashMap::new(), untabbed: HashMap::new() };
        for (index, line) in lines.iter().enumerate() {
            let line = line.text(text);
            ends.exact.entry(line).or_default().push(index);
            let untabbed = line.trim_start_matches('\t');
            ends.untabbed.entry(untabbed).or_default().push(index);
        }
        ends
    }

    /// The first line from `from` on that ends the heredoc.
    pub(super) fn find(&self, heredoc: &Heredoc, from: usize) -> Option<usize> {
        let index = if heredoc.strip_tabs { &self.untabbed } else { &self.exact };
        let lines = index.get(heredoc.delimiter.text.as_str())?;
        lines.get(lines.partition_point(|line| *line < from)).copied()
    }
}

/// Fills in the body, which are `lines`, and the line that ends it.
pub(super) fn fill(heredoc: &mut Heredoc, text: &str, lines: &[Line], end: Line) {
    let start = lines.first().map_or(end.start, |line| line.start);
    heredoc.body_span = Span::of(start..end.start);
    heredoc.end_span = end.span();
    let mut joiner = Joiner::default();
    for line in lines {
        let whole = text.get(line.start..line.next).unwrap_or_default();
        let kept = if heredoc.strip_tabs { whole.trim_start_matches('\t') } else { whole };
        joiner.push(kept, Span::of(0..line.next - kept.len()).end);
    }
    heredoc.body = joiner.finish();
}

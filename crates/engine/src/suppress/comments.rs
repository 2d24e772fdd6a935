//! Suppressions in comments.

use std::sync::Arc;

use careen_model::File;
use careen_rule::{Edit, SuppressionKind};
use careen_text::{Source, Span};
use careen_yaml::Comment;

use super::Found;
use super::below::{Below, line_content};
use super::directive::{MARK, parse};

/// How comments begin in the languages there are, and where they end before the line does. Longer
/// ones stand before those they end with.
const LEADERS: [(&str, Option<&str>); 8] = [
    ("<!--", Some("-->")),
    ("/*", Some("*/")),
    ("//", None),
    ("--", None),
    ("#", None),
    (";", None),
    ("*", Some("*/")),
    ("%", None),
];

/// A comment that holds a directive.
pub(super) struct Place<'t> {
    pub(super) leader: &'static str,
    pub(super) own_line: bool,
    /// From the mark to the end of the comment.
    pub(super) text: &'t str,
    /// What goes with the comment, if that is sure: its line, or it and the blanks before it.
    gone: Option<Span>,
}

pub(super) fn read(
    source: &Arc<Source>,
    file: Option<&File>,
    now: i64,
    take: &mut dyn FnMut(Found<'_>),
) {
    let text = source.text();
    let mut marks = memchr::memmem::find_iter(text.as_bytes(), MARK).peekable();
    if marks.peek().is_none() {
        return;
    }
    let lexed = Lexed::new(file);
    let mut below = Below::new(source, file);
    let mut read_to = 0;
    for at in marks {
        if at < read_to {
            continue;
        }
        let line = source.lines().line_of(Span::of(0..at).end);
        let Some(place) = lexed.place(source, line, at) else { continue };
        read_to = at + place.text.len();
        let all: Vec<(usize, &str)> = directives(place.text).collect();
        for (number, &(offset, text)) in all.iter().enumerate() {
            let Some(directive) = parse(text, now) else { continue };
            let removal = match (all.as_slice(), all.get(number + 1)) {
                ([_], _) => place.gone,
                (_, Some((next, _))) => Some(Span::of(at + offset..at + next)),
                (all, None) => number.checked_sub(1).and_then(|before| all.get(before)).map(
                    |(offset, text)| {
                        Span::of(at + offset + MARK.len() + text.len()..at + place.text.len())
                    },
                ),
            };
            let covers = match &directive {
                Ok(directive) if directive.whole_file => Span::of(0..source.text().len()),
                Ok(_) if place.own_line => below.of(line, place.leader),
                _ => line_content(source, line),
            };
            let said = Span::of(at + offset..at + offset + MARK.len() + text.len());
            let kind = SuppressionKind::Comment;
            take(Found {
                kind,
                said,
                directive,
                covers,
                source: None,
                foreign: false,
                needed: false,
                removal: removal.map(|span| Edit { span, text: String::new() }),
            });
        }
    }
}

/// Parts the text of a comment, which begins with a mark, at further directives: each with its
/// offset and what follows its mark.
fn directives(comment: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = comment.match_indices(MARK).map(|(at, _)| at).filter(|&at| {
        let after = comment.get(at + MARK.len()..).unwrap_or_default();
        at == 0 || after.trim_start().starts_with("ignore")
    });
    let mut starts = starts.peekable();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        let end = starts.peek().copied().unwrap_or(comment.len());
        let text = comment.get(start + MARK.len()..end).unwrap_or_default();
        let text = if end < comment.len() {
            text.trim_end().trim_end_matches(['#', '/', ';', ','])
        } else {
            text
        };
        Some((start, text))
    })
}

/// What is known about the comments of a file.
pub(super) struct Lexed<'f> {
    /// The comments of a file with a tree.
    comments: Option<&'f [Comment]>,
    /// Documents that were not understood to the end: their comments may be missing.
    broken: Vec<Span>,
    dockerfile: bool,
}

impl<'f> Lexed<'f> {
    pub(super) fn new(file: Option<&'f File>) -> Self {
        let tree = file.and_then(|file| file.tree.as_ref());
        let documents = tree.into_iter().flat_map(careen_yaml::Tree::documents);
        let broken = documents.filter(|document| !document.is_complete());
        Self {
            comments: tree.map(careen_yaml::Tree::comments),
            broken: broken.map(|document| document.span()).collect(),
            dockerfile: file.is_some_and(|file| file.dockerfile.is_some()),
        }
    }

    /// The comment that has a mark at this offset right behind its beginning.
    pub(super) fn place<'t>(&self, source: &'t Source, line: u32, at: usize) -> Option<Place<'t>> {
        let offset = Span::of(0..at).end;
        if let Some(comments) = self.comments {
            let after = comments.partition_point(|comment| comment.span.start <= offset);
            let comment = after.checked_sub(1).and_then(|at| comments.get(at));
            if let Some(comment) = comment.filter(|comment| comment.span.contains(offset)) {
                let before = source.slice(Span::new(comment.span.start, offset));
                let text = source.slice(Span::new(offset, comment.span.end)).trim_end();
                let whole = Span::new(comment.span.start, offset + Span::of(0..text.len()).end);
                return before.trim_end().ends_with('#').then(|| Place {
                    leader: "#",
                    own_line: comment.own_line,
                    text,
                    gone: gone(source, line, whole),
                });
            }
            // What looks like a comment inside of a string is none.
            let after = self.broken.partition_point(|span| span.start <= offset);
            let broken = after.checked_sub(1).and_then(|at| self.broken.get(at));
            if broken.is_none_or(|span| offset > span.end) {
                return None;
            }
        }
        let mut place = raw(source, line, at)?;
        // What stands above a parser directive keeps it from being one.
        place.gone = place.gone.filter(|_| !self.dockerfile || !is_at_top(source, line));
        (!self.dockerfile || place.leader == "#").then_some(place)
    }
}

/// The comment around a mark in a text whose language is not known.
fn raw(source: &Source, line: u32, at: usize) -> Option<Place<'_>> {
    let content = line_content(source, line);
    let offset = Span::of(0..at).end;
    let before = source.slice(Span::new(content.start, offset)).trim_end();
    let (lead, leader, closer) = LEADERS.iter().find_map(|(leader, closer)| {
        before.strip_suffix(leader).map(|lead| (lead, *leader, *closer))
    })?;
    let text = source.slice(Span::new(offset, content.end));
    let closed = closer.map(|closer| (closer, text.split_once(closer)));
    // Of a comment of several lines, one without its ends may go.
    let end = match closed {
        None => Some(content.end),
        Some((_, None)) => (leader == "*" && lead.trim().is_empty()).then_some(content.end),
        Some((closer, Some((text, _)))) => {
            let length = Span::of(0..text.len() + closer.len()).end;
            (leader != "*").then_some(offset + length)
        }
    };
    let repeated = leader.chars().next().filter(|c| matches!(c, '#' | '/' | ';' | '%'));
    let code = repeated.filter(|_| closer.is_none()).map_or(lead, |c| lead.trim_end_matches(c));
    let start = content.start + Span::of(0..code.len()).end;
    let whole = end.filter(|_| !code.ends_with('-')).map(|end| Span::new(start, end));
    let text = closed.and_then(|(_, parts)| parts).map_or(text, |(text, _)| text);
    // `##`, `///` and `{{- /*` begin comments too.
    let lead = lead.trim_start_matches('\u{feff}').trim();
    let lead = lead
        .trim_end_matches('-')
        .trim_end_matches("{{")
        .trim_end_matches(['#', '/', ';', '-', '*', '!']);
    let gone = whole.and_then(|whole| gone(source, line, whole));
    Some(Place { leader, own_line: lead.trim().is_empty(), text, gone })
}

/// What goes with a comment that stands on one line, if nothing follows it there.
fn gone(source: &Source, line: u32, whole: Span) -> Option<Span> {
    let content = line_content(source, line);
    if !content.encloses(whole) {
        return None;
    }
    let before = source.slice(Span::new(content.start, whole.start));
    let after = source.slice(Span::new(whole.end, content.end));
    if !after.trim().is_empty() {
        return None;
    }
    if before.trim().is_empty() {
        return Some(source.lines().line_span(line));
    }
    let kept = Span::of(0..before.trim_end().len()).end;
    Some(Span::new(content.start + kept, content.end))
}

/// Whether a line has nothing but comments and blanks above it.
fn is_at_top(source: &Source, line: u32) -> bool {
    let text = source.slice(Span::new(0, source.lines().line_span(line).start));
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

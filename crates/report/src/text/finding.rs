//! Findings with their lines.

use std::io;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet as Lines, Title,
};
use careen_rule::{Judged, JudgedRelated, Safety, Severity, Snippet, Suppression, SuppressionKind};
use careen_text::{Position, sanitize, sanitize_line};

use crate::words::{count, cut};
use crate::{Options, history};

/// Up to this many lines a snippet is shown whole; of a longer one only the marked lines.
const WHOLE: usize = 6;
/// Related places shown with a finding.
const RELATED: usize = 8;

/// Characters of a title, a reason or a fix.
const MAX_TITLE: usize = 1_000;
/// Characters of a label below a mark.
const MAX_LABEL: usize = 240;

/// Bytes of a snippet to mark, and what to write there.
type Mark<'f> = (Range<usize>, AnnotationKind, &'f str);

/// Whether two findings in a row can share their lines: the same place, and nothing else to show.
/// Five things missing in one container are then five titles over one snippet.
pub(super) fn stand_together(a: &Judged, b: &Judged) -> bool {
    let is_plain = |finding: &Judged| {
        finding.related.is_empty() && finding.suppressed.is_none() && finding.history.is_none()
    };
    is_plain(a) && is_plain(b) && a.path == b.path && a.region == b.region
}

/// Writes findings that stand together; there is at least one.
pub(super) fn write(
    cluster: &[&Judged],
    renderer: &Renderer,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let Some((last, before)) = cluster.split_last() else { return Ok(()) };
    for finding in before {
        let group = Group::with_title(title(finding, options));
        writeln!(out, "{}", renderer.render(&[group]))?;
    }
    let mut group = Group::with_title(title(last, options));
    group = place(group, last);
    if let Some(history) = &last.history {
        group = group.element(Level::NOTE.message(history::words(history)));
    }
    for (number, finding) in cluster.iter().enumerate() {
        if cluster.iter().take(number).any(|other| other.rule.id == finding.rule.id) {
            continue;
        }
        let remedy = sanitize_line(finding.rule.remedy);
        group = group.element(Level::HELP.message(if before.is_empty() {
            remedy.into_owned()
        } else {
            format!("{}: {remedy}", finding.rule.id)
        }));
    }
    for finding in cluster {
        if let Some(fix) = &finding.fix {
            let care = match fix.safety {
                Safety::Safe => " (--fix)",
                Safety::Unsafe => " (--fix --unsafe-fixes; look first: it may change behaviour)",
            };
            let text = format!("{}{care}", tidy(&fix.title, MAX_TITLE));
            group = group.element(Level::HELP.with_name("fix").message(text));
        }
    }
    for (number, finding) in cluster.iter().enumerate() {
        let Some(lowered) = finding.lowered else { continue };
        // One file has one reason, but its findings may come from different levels.
        let told = |other: &&Judged| other.lowered == Some(lowered);
        if cluster.iter().take(number).any(told) {
            continue;
        }
        let text = format!("lowered from {}: {}", lowered.from, lowered.because);
        group = group.element(Level::NOTE.message(text));
    }
    if let Some(suppression) = &last.suppressed {
        let mut text = match &suppression.reason {
            Some(reason) => format!("{}: {}", suppressed_by(suppression), tidy(reason, MAX_TITLE)),
            None => format!("{}, no reason given", suppressed_by(suppression)),
        };
        // Elsewhere the owner is named in the reason.
        let own = suppression.kind == SuppressionKind::Configuration;
        if let Some(owner) = suppression.owner.as_deref().filter(|_| own) {
            text = format!("{text} (owner: {})", tidy(owner, MAX_LABEL));
        }
        group = group.element(Level::NOTE.message(text));
    }
    writeln!(out, "{}", renderer.render(&[group]))
}

fn suppressed_by(suppression: &Suppression) -> String {
    let source = suppression.source.as_deref().map(|source| tidy(source, MAX_LABEL));
    match (suppression.kind, source) {
        (SuppressionKind::Comment, None) => "suppressed by a comment".to_owned(),
        (SuppressionKind::Annotation, None) => "suppressed by an annotation".to_owned(),
        (SuppressionKind::Configuration, None) => "suppressed by the configuration".to_owned(),
        (SuppressionKind::Baseline, None) => "suppressed by the baseline".to_owned(),
        (SuppressionKind::Import, None) => "suppressed by a file of another tool".to_owned(),
        (SuppressionKind::Baseline, Some(source)) => format!("suppressed by the baseline {source}"),
        (SuppressionKind::Import, Some(source)) => format!("suppressed by {source}"),
        (_, Some(source)) => format!("suppressed by `{source}`"),
    }
}

fn title<'f>(finding: &'f Judged, options: &Options) -> Title<'f> {
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::NOTE,
        Severity::Info => Level::INFO,
    };
    let level = level.with_name(finding.severity.as_str());
    let title = level.primary_title(tidy(&finding.message, MAX_TITLE)).id(finding.rule.id);
    match finding.rule.url() {
        Some(url) if options.hyperlinks => title.id_url(url),
        _ => title,
    }
}

/// Text from a file or a person, harmless, on one line and not endless.
fn tidy(text: &str, most: usize) -> String {
    sanitize_line(&cut(text, most)).into_owned()
}

/// Adds the lines of a finding and of the places that belong to it.
fn place<'f>(mut group: Group<'f>, finding: &'f Judged) -> Group<'f> {
    let mut marks = vec![(range(&finding.snippet), AnnotationKind::Primary, "")];
    let mut elsewhere = Vec::new();
    for related in finding.related.iter().take(RELATED) {
        match same_lines(finding, related) {
            Some(range) => marks.push((range, AnnotationKind::Context, related.message.as_str())),
            None => elsewhere.push(related),
        }
    }
    group = located(group, &finding.path, finding.region.start, &finding.snippet, &marks);
    for related in elsewhere {
        let mark = (range(&related.snippet), AnnotationKind::Context, related.message.as_str());
        group = located(group, &related.path, related.region.start, &related.snippet, &[mark]);
        if related.snippet.text.is_empty() {
            group = group.element(Level::NOTE.message(tidy(&related.message, MAX_LABEL)));
        }
    }
    let left = finding.related.len().saturating_sub(RELATED);
    if left > 0 {
        let text = format!("{} not shown", count(left, "more place", "more places"));
        group = group.element(Level::NOTE.message(text));
    }
    group
}

/// Adds a path with its position, and the lines if there are any.
fn located<'f>(
    group: Group<'f>,
    path: &'f str,
    at: Position,
    snippet: &'f Snippet,
    marks: &[Mark<'f>],
) -> Group<'f> {
    let path = sanitize_line(path);
    let origin = || {
        let (line, column) = (at.line.max(1) as usize, at.column.max(1) as usize);
        Origin::path(path.clone()).line(line).char_column(column)
    };
    if snippet.text.is_empty() {
        return group.element(origin());
    }
    // The renderer counts the position in the lines it is given. Where they were cut, masked or
    // escaped before the place, that is not the position in the file, which is then said apart.
    if shown_position(snippet, marks) == (at.line, at.column) {
        group.element(lines(snippet, marks).path(path))
    } else {
        group.element(origin()).element(lines(snippet, marks))
    }
}

/// Line and column the renderer makes of the first mark.
fn shown_position(snippet: &Snippet, marks: &[Mark<'_>]) -> (u32, u32) {
    let start = marks.first().map_or(0, |(range, ..)| range.start);
    let before = sanitize(snippet.text.get(..start).unwrap_or_default());
    let breaks = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
    let last = before.rsplit('\n').next().unwrap_or_default();
    let column = u32::try_from(last.chars().count()).unwrap_or(u32::MAX).saturating_add(1);
    (snippet.first_line.max(1).saturating_add(breaks), column)
}

/// Where a related place stands inside the finding's own snippet, if all its lines are there.
fn same_lines(finding: &Judged, related: &JudgedRelated) -> Option<Range<usize>> {
    if related.path != finding.path || related.snippet.text.is_empty() {
        return None;
    }
    let own = &finding.snippet;
    let skipped = related.snippet.first_line.checked_sub(own.first_line)?;
    let start = if skipped == 0 {
        0
    } else {
        let (at, _) = own.text.match_indices('\n').nth(skipped as usize - 1)?;
        at + 1
    };
    // Masked or cut otherwise, the lines are not the same text.
    let rest = own.text.get(start..)?.strip_prefix(related.snippet.text.as_str())?;
    if !(rest.is_empty() || rest.starts_with('\n')) {
        return None;
    }
    let inner = range(&related.snippet);
    Some(start + inner.start..start + inner.end)
}

/// The marked bytes of a snippet, inside its text and on character boundaries.
fn range(snippet: &Snippet) -> Range<usize> {
    let text = &snippet.text;
    let start = text.floor_char_boundary(snippet.start.min(text.len()));
    let end = text.ceil_char_boundary(snippet.end.clamp(start, text.len()));
    start..end
}

/// Lines with marks. Making them harmless may lengthen them, so the marks move along.
fn lines<'f>(snippet: &Snippet, marks: &[Mark<'f>]) -> Lines<'f, Annotation<'f>> {
    let moved = |at: usize| sanitize(snippet.text.get(..at).unwrap_or_default()).len();
    let whole = snippet.text.lines().count() <= WHOLE;
    let annotations = marks.iter().map(|(range, kind, label)| {
        let annotation = kind.span(moved(range.start)..moved(range.end));
        if label.is_empty() { annotation } else { annotation.label(tidy(label, MAX_LABEL)) }
    });
    Lines::source(sanitize(&snippet.text).into_owned())
        .line_start(snippet.first_line.max(1) as usize)
        .fold(!whole)
        .annotations(annotations)
}

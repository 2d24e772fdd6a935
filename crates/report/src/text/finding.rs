//! Findings with their lines.

use std::io;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet as Lines, Title,
};
use careen_rule::{Judged, JudgedRelated, Safety, Severity, Snippet};
use careen_text::Position;

use crate::words::{count, cut};
use crate::wrap::wrapped;
use crate::{Options, history, inert, suppressed};

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
    // Prose stands below the lines, behind their numbers and its own label; the renderer indents.
    let digits = last_line(last).to_string().len();
    let prose = |text: &str, label: &str| {
        let width = options.width.map(|width| width.saturating_sub(digits + 5 + label.len()));
        wrapped(text, width, 0, 0)
    };
    if let Some(history) = &last.history {
        group = group.element(Level::NOTE.message(prose(&history::words(history), "note")));
    }
    for (number, finding) in cluster.iter().enumerate() {
        if cluster.iter().take(number).any(|other| other.rule.id == finding.rule.id) {
            continue;
        }
        let remedy = inert::line(finding.rule.remedy);
        let remedy = if before.is_empty() {
            remedy
        } else {
            format!("{}: {remedy}", finding.rule.id).into()
        };
        group = group.element(Level::HELP.message(prose(&remedy, "help")));
    }
    for finding in cluster {
        if let Some(fix) = &finding.fix {
            let care = match fix.safety {
                Safety::Safe => " (--fix)",
                Safety::Unsafe => " (--unsafe-fixes)",
            };
            let text = format!("{}{care}", tidy(&fix.title, MAX_TITLE));
            group = group.element(Level::HELP.with_name("fix").message(prose(&text, "fix")));
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
        group = group.element(Level::NOTE.message(prose(&text, "note")));
    }
    if let Some(suppression) = &last.suppressed {
        let text = suppressed::words(suppression);
        group = group.element(Level::NOTE.message(prose(&text, "note")));
    }
    let text = renderer.render(&[group]);
    let text = if options.unicode { with_common_signs(&text) } else { text };
    writeln!(out, "{text}")
}

/// In front of a second file the renderer puts a sign that few fonts of terminals have (U+2E2C). A tee
/// with the arrow of the first file says the same. Lines of files stand behind a bar, so what is in
/// front of the sign tells whether it is the renderer's.
fn with_common_signs(text: &str) -> String {
    let is_margin = |before: &str| {
        let mut escaped = false;
        before.chars().all(|character| {
            let own = escaped || matches!(character, ' ' | '\u{1b}');
            escaped = character == '\u{1b}' || (escaped && character != 'm');
            own
        })
    };
    let line = |line: &str| match line.split_once("⸬  ") {
        Some((before, after)) if is_margin(before) => format!("{before}├▸ {after}"),
        _ => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn title<'f>(finding: &'f Judged, options: &Options) -> Title<'f> {
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::NOTE,
        Severity::Info => Level::INFO,
    };
    let (severity, id) = (finding.severity.as_str(), finding.rule.id);
    let label = severity.len() + id.len() + "[]: ".len();
    let width = options.width.map(|width| width.saturating_sub(label));
    let text = wrapped(&tidy(&finding.message, MAX_TITLE), width, 0, 0);
    let title = level.with_name(severity).primary_title(text).id(id);
    match finding.rule.url() {
        Some(url) if options.hyperlinks => title.id_url(url),
        _ => title,
    }
}

/// The last line that is shown of a finding's files.
fn last_line(finding: &Judged) -> usize {
    let snippets = finding.related.iter().map(|related| &related.snippet);
    let last = |snippet: &Snippet| snippet.first_line as usize + snippet.text.matches('\n').count();
    snippets.chain([&finding.snippet]).map(last).max().unwrap_or(0)
}

/// Text from a file or a person, harmless, on one line and not endless.
fn tidy(text: &str, most: usize) -> String {
    inert::line(&cut(text, most)).into_owned()
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
    let path = inert::line(path);
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
    let before = inert::text(snippet.text.get(..start).unwrap_or_default());
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
    let moved = |at: usize| inert::text(snippet.text.get(..at).unwrap_or_default()).len();
    let whole = snippet.text.lines().count() <= WHOLE;
    let annotations = marks.iter().map(|(range, kind, label)| {
        let annotation = kind.span(moved(range.start)..moved(range.end));
        if label.is_empty() { annotation } else { annotation.label(tidy(label, MAX_LABEL)) }
    });
    Lines::source(inert::text(&snippet.text).into_owned())
        .line_start(snippet.first_line.max(1) as usize)
        .fold(!whole)
        .annotations(annotations)
}

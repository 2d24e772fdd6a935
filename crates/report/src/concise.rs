//! A line a finding, in the form that editors and `grep` know: `path:line:column: …`.

use std::collections::BTreeMap;
use std::io;

use careen_rule::{Judged, Note, NoteKind, Report};

use crate::words::cut;
use crate::{Options, history, inert, notes, paint, shown, summary, suppressed};

/// Characters of a message.
const MAX_MESSAGE: usize = 1_000;
/// Notes of one kind that are told one by one.
const MAX_NOTES: usize = 20;

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in shown(report, options) {
        writeln!(out, "{}", line(finding, options))?;
    }
    let mut kinds: BTreeMap<NoteKind, Vec<&Note>> = BTreeMap::new();
    for note in &report.notes {
        kinds.entry(note.kind).or_default().push(note);
    }
    for (kind, notes) in kinds {
        for note in notes.iter().take(MAX_NOTES) {
            let level = if note.incomplete { "warning" } else { "note" };
            let place = notes::place(note).map_or_else(String::new, |place| format!("{place}: "));
            let message = notes::message(note);
            writeln!(out, "{place}{}[{kind}] {message}", paint::level(level, options.color))?;
        }
        let more = notes.len().saturating_sub(MAX_NOTES);
        if more > 0 {
            let level = paint::level("note", options.color);
            writeln!(out, "{level}[{kind}] and {more} more, see `--format json`")?;
        }
    }
    writeln!(out, "{}", paint::bold(&summary::line(report, options.fail_on), options.color))
}

/// `path:line:column: severity[rule] message`.
fn line(finding: &Judged, options: &Options) -> String {
    let start = finding.region.start;
    let (path, line, column) = (inert::path(&finding.path), start.line.max(1), start.column.max(1));
    let severity = paint::level(finding.severity.as_str(), options.color);
    let place = format!("{path}:{line}:{column}:");
    let place = paint::bold(&place, options.color);
    format!("{place} {severity}[{}] {}", finding.rule.id, message(finding))
}

/// The message, with the place in a history and what suppresses it.
pub(crate) fn message(finding: &Judged) -> String {
    let mut message = inert::line(&cut(&finding.message, MAX_MESSAGE)).into_owned();
    if let Some(history) = &finding.history {
        message.push_str(", ");
        message.push_str(&history::words(history));
    }
    if let Some(suppression) = &finding.suppressed {
        message.push_str(&format!(" ({})", suppressed::words(suppression)));
    }
    message
}

#[cfg(test)]
mod tests {
    use careen_rule::{Note, NoteKind, Report};

    use crate::sample::{empty, hostile, usual};
    use crate::{Format, Options, write};

    fn text(report: &Report, options: &Options) -> String {
        let mut bytes = Vec::new();
        write(report, Format::Concise, options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_a_finding() {
        let expected = "\
deploy/web.yaml:7:13: medium[cpu-request-missing] container `web` in Deployment `shop/web` has no CPU request
deploy/web.yaml:7:13: high[memory-limit-missing] container `web` in Deployment `shop/web` has no memory limit
src/a.env:2:7: critical[token-in-file] a token stands in a file
z.yaml:1:4: high[memory-limit-missing] container has no memory limit (suppressed by a comment: runs once)
a: note[template] template is not rendered
b: note[template] template is not rendered
";
        let options = Options { show_suppressed: true, ..Options::default() };
        let text = text(&usual(), &options);
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("\nb.yaml:3: note[syntax] no mapping here\ncareen: 3 findings ("));
    }

    #[test]
    fn hostile_text_stays_on_its_line() {
        let options = Options { show_suppressed: true, ..Options::default() };
        let mut report = hostile();
        report.findings[0].path = "::error::x".into();
        let text = text(&report, &options);
        assert!(!text.contains(|character: char| character.is_control() && character != '\n'));
        assert!(text.starts_with("./::error::x:7:13: "), "{text}");
        assert_eq!(text.lines().count(), report.findings.len() + report.notes.len() + 1);
    }

    #[test]
    fn colours_are_ours_alone() {
        let text = text(&hostile(), &Options { color: true, ..Options::default() });
        for after in text.split('\u{1b}').skip(1) {
            let codes = after.strip_prefix('[').unwrap().split_once('m').unwrap().0;
            assert!(codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{codes}");
        }
    }

    #[test]
    fn many_notes_are_counted() {
        let mut report = empty();
        report.notes = (0..500)
            .map(|number| Note::about(NoteKind::Template, format!("{number}"), "not rendered"))
            .collect();
        let text = text(&report, &Options::default());
        assert_eq!(text.lines().count(), 22);
        assert!(text.contains("\nnote[template] and 480 more, see `--format json`\n"), "{text}");
    }
}

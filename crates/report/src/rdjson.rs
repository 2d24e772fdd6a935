//! The Diagnostic Format of reviewdog, which comments on changes at many hosts.
//!
//! Its columns are bytes of UTF-8 from 1, the end exclusive; a range without columns means whole lines.
//! What is judged counts code points, so bytes are counted in the lines at hand; where a line is not at
//! hand as it is in the file, the range has no columns rather than wrong ones, and a fix whose place
//! cannot be told exactly is no suggestion.

use std::io;

use careen_rule::{Judged, JudgedFix, Note, Report, Safety, Severity, Snippet};
use careen_text::Position;
use serde::Serialize;

use crate::words::cut;
use crate::{Options, concise, harmless, inert, notes, shown};

/// Characters of a message.
const MAX_MESSAGE: usize = 4_000;
/// Where to read about the tool.
const HOME: &str = "https://careen.dev";

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let incomplete = report.notes.iter().filter(|note| note.incomplete);
    let document = Document {
        source: Source { name: &report.tool.name, url: HOME },
        severity: shown(report, options)
            .filter(|finding| finding.suppressed.is_none())
            .map(|finding| finding.severity)
            .max()
            .map_or("INFO", severity),
        diagnostics: incomplete.map(gap).chain(shown(report, options).map(diagnostic)).collect(),
    };
    harmless::write(&document, true, out)
}

#[derive(Serialize)]
struct Document<'r> {
    source: Source<'r>,
    severity: &'static str,
    diagnostics: Vec<Diagnostic<'r>>,
}

#[derive(Serialize)]
struct Source<'r> {
    name: &'r str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    severity: &'static str,
    code: Code<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'r>>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct Code<'r> {
    value: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'r str>,
}

#[derive(Serialize)]
struct Suggestion<'r> {
    range: Range,
    text: &'r str,
}

fn diagnostic(finding: &Judged) -> Diagnostic<'_> {
    let mut message = concise::message(finding);
    if !finding.rule.remedy.is_empty() {
        message.push('\n');
        message.push_str(finding.rule.remedy);
    }
    let fix = finding.fix.as_ref();
    if fix.is_some_and(|fix| fix.safety == Safety::Unsafe) {
        message.push_str("\nLook at a suggestion first: it may change behaviour.");
    }
    Diagnostic {
        message: cut(&message, MAX_MESSAGE).into_owned(),
        location: location(&finding.path, Some(range(finding))),
        severity: if finding.suppressed.is_some() { "INFO" } else { severity(finding.severity) },
        code: Code { value: finding.rule.id, url: finding.rule.url() },
        suggestions: fix.and_then(|fix| suggestions(fix, &finding.snippet)).unwrap_or_default(),
    }
}

fn gap(note: &Note) -> Diagnostic<'_> {
    let line = |line: u32| Place { line: line.max(1), column: None };
    let range = note.line.map(|at| Range { start: line(at), end: line(at) });
    Diagnostic {
        message: format!("The analysis is incomplete: {}", notes::message(note)),
        location: note.path.as_deref().and_then(|path| location(path, range)),
        severity: "ERROR",
        code: Code { value: note.kind.as_str(), url: None },
        suggestions: Vec::new(),
    }
}

fn location(path: &str, range: Option<Range>) -> Option<Location> {
    let path = inert::line(path.trim_start_matches("./"));
    (!path.is_empty()).then(|| Location { path: path.into_owned(), range })
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "ERROR",
        Severity::Medium => "WARNING",
        Severity::Low | Severity::Info => "INFO",
    }
}

/// Where a finding stands, in bytes if those are known.
fn range(finding: &Judged) -> Range {
    let (start, end) = (finding.region.start, finding.region.end);
    let columns = byte_column(start, &finding.snippet).zip(byte_column(end, &finding.snippet));
    let (start_line, end_line) = (start.line.max(1), end.line.max(start.line).max(1));
    Range {
        start: Place { line: start_line, column: columns.map(|(start, _)| start) },
        end: Place { line: end_line, column: columns.map(|(_, end)| end) },
    }
}

/// The edit, if there is one alone, whose place is known to the byte. Several suggestions would be
/// offered one by one, and half of a fix is none.
fn suggestions<'r>(fix: &'r JudgedFix, snippet: &Snippet) -> Option<Vec<Suggestion<'r>>> {
    let place =
        |at: Position| Some(Place { line: at.line, column: Some(byte_column(at, snippet)?) });
    let suggestion = |edit: &'r careen_rule::JudgedEdit| {
        let range = Range { start: place(edit.region.start)?, end: place(edit.region.end)? };
        Some(Suggestion { range, text: &edit.text })
    };
    let [edit] = fix.edits.as_slice() else { return None };
    suggestion(edit).map(|suggestion| vec![suggestion])
}

/// The column in bytes, if what stands in front of it is at hand as it is in the file. Where a line
/// was cut or a secret masked with another number of characters, it is not.
fn byte_column(at: Position, snippet: &Snippet) -> Option<usize> {
    if at.line == 0 || at.column == 0 {
        return None;
    }
    if at.column == 1 {
        return Some(1);
    }
    let index = at.line.checked_sub(snippet.first_line)?;
    let line = snippet.text.split('\n').nth(index as usize)?;
    let before = at.column as usize - 1;
    let bytes = match line.char_indices().nth(before) {
        Some((bytes, _)) => bytes,
        None if line.chars().count() == before => line.len(),
        None => return None,
    };
    let known = line.get(..bytes)?;
    let is_cut = known.contains(['…', '*']);
    let agrees = known.encode_utf16().count() + 1 == at.utf16 as usize;
    (agrees && !is_cut).then_some(bytes + 1)
}

#[cfg(test)]
mod tests {
    use careen_rule::Report;
    use serde_json::{Value, json};

    use crate::sample::{empty, finding, hostile, keeps_to, usual};
    use crate::{Format, Options, write};

    const SCHEMA: &str = include_str!("../../../fixtures/schemas/reviewdog-diagnostic.schema.json");

    fn document(report: &Report) -> Value {
        let options = Options { show_suppressed: true, ..Options::default() };
        let mut bytes = Vec::new();
        write(report, Format::Rdjson, &options, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn the_documented_shape_is_kept() {
        for report in [empty(), usual(), hostile()] {
            keeps_to(SCHEMA, &document(&report));
        }
    }

    #[test]
    fn columns_are_bytes() {
        let document = document(&usual());
        assert_eq!(document["source"], json!({"name": "careen", "url": "https://careen.dev"}));
        assert_eq!(document["severity"], "ERROR");
        let memory = &document["diagnostics"][1];
        // `web # schön 🚢`: 14 code points, 18 bytes.
        assert_eq!(
            *memory,
            json!({
                "message": "container `web` in Deployment `shop/web` has no memory limit\n\
                            Set `resources.limits.memory`.\n\
                            Look at a suggestion first: it may change behaviour.",
                "location": {
                    "path": "deploy/web.yaml",
                    "range": {
                        "start": {"line": 7, "column": 13},
                        "end": {"line": 7, "column": 30},
                    },
                },
                "severity": "ERROR",
                "code": {"value": "memory-limit-missing", "url": "https://kubernetes.io/docs/"},
                "suggestions": [{
                    "range": {
                        "start": {"line": 7, "column": 30},
                        "end": {"line": 7, "column": 30},
                    },
                    "text": "\n      resources: {limits: {memory: 1Gi}}",
                }],
            })
        );
    }

    #[test]
    fn unknown_columns_are_left_out() {
        let mut report = usual();
        // The line in front of the place was cut, and the fix is on a line that is not at hand.
        let mut cut = finding(0, "min.json", "…,1", "1");
        cut.region.start.column += 4_000;
        cut.region.start.utf16 += 4_000;
        let mut far = report.findings[1].clone();
        if let Some(fix) = &mut far.fix {
            fix.edits[0].region.start.line += 1;
        }
        report.findings = vec![cut, far];
        let document = document(&report);
        let first = &document["diagnostics"][0]["location"]["range"];
        assert_eq!(*first, json!({"start": {"line": 1}, "end": {"line": 1}}));
        assert!(document["diagnostics"][1].get("suggestions").is_none());
        assert_eq!(document["diagnostics"][1]["location"]["range"]["start"]["column"], 13);
    }
}

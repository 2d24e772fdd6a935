//! The Code Quality report of GitLab, which the widget of a merge request compares with that of the
//! target branch.
//!
//! GitLab knows an entry again by its fingerprint alone, so that is the semantic one, which survives
//! edits elsewhere in the file; of two entries with one fingerprint it would show one. There is no
//! place for notes; those that make the analysis incomplete are entries, for nobody to take a missing
//! finding for a mended one. What is suppressed is left out: GitLab has no word for it.

use std::collections::BTreeMap;
use std::io;

use careen_rule::{Judged, Note, Report, Severity};
use serde::Serialize;

use crate::words::cut;
use crate::{Options, concise, harmless, inert, most_severe_first, notes};

/// Characters of a description.
const MAX_DESCRIPTION: usize = 1_000;
/// The path of what is about no file: GitLab asks for one.
const NOWHERE: &str = ".";

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut ordinals = Ordinals::default();
    let incomplete = report.notes.iter().filter(|note| note.incomplete);
    let mut entries: Vec<Entry> = incomplete.map(|note| gap(note, &mut ordinals)).collect();
    let findings = most_severe_first(report, options).into_iter();
    let findings = findings.filter(|finding| finding.suppressed.is_none());
    entries.extend(findings.map(|finding| entry(finding, &mut ordinals)));
    harmless::write(&entries, true, out)
}

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// How often each fingerprint was given out.
#[derive(Default)]
struct Ordinals(BTreeMap<String, usize>);

impl Ordinals {
    /// 32 hexadecimal digits that no other entry has.
    fn fingerprint(&mut self, identity: &str) -> String {
        let ordinal = self.0.entry(identity.to_owned()).or_default();
        *ordinal += 1;
        let hash = blake3::hash(format!("{identity}\n{ordinal}").as_bytes());
        hash.to_hex().chars().take(32).collect()
    }
}

fn entry(finding: &Judged, ordinals: &mut Ordinals) -> Entry {
    Entry {
        description: cut(&concise::message(finding), MAX_DESCRIPTION).into_owned(),
        check_name: finding.rule.id.to_owned(),
        fingerprint: ordinals.fingerprint(&finding.fingerprint),
        severity: severity(finding.severity),
        location: location(&finding.path, finding.region.start.line),
    }
}

fn gap(note: &Note, ordinals: &mut Ordinals) -> Entry {
    let path = note.path.as_deref().unwrap_or_default();
    let message = notes::message(note);
    Entry {
        fingerprint: ordinals.fingerprint(&format!("note/{}/{path}/{message}", note.kind)),
        description: format!("The analysis is incomplete: {message}"),
        check_name: format!("incomplete-{}", note.kind),
        severity: "critical",
        location: location(path, note.line.unwrap_or(1)),
    }
}

fn location(path: &str, line: u32) -> Location {
    let path = path.trim_start_matches("./");
    let path = if path.is_empty() { NOWHERE } else { path };
    Location { path: inert::line(path).into_owned(), lines: Lines { begin: line.max(1) } }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use careen_rule::Report;
    use serde_json::{Value, json};

    use crate::sample::{empty, hostile, keeps_to, usual};
    use crate::{Format, Options, write};

    const SCHEMA: &str = include_str!("../../../fixtures/schemas/gitlab-code-quality.schema.json");

    fn entries(report: &Report) -> Vec<Value> {
        let options = Options { show_suppressed: true, ..Options::default() };
        let mut bytes = Vec::new();
        write(report, Format::Gitlab, &options, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn entries_have_what_gitlab_reads() {
        let entries = entries(&usual());
        assert_eq!(entries.len(), 3, "what is suppressed is left out");
        let mut first = entries[0].clone();
        let fingerprint = first.as_object_mut().unwrap().remove("fingerprint").unwrap();
        assert_eq!(fingerprint.as_str().unwrap().len(), 32);
        assert_eq!(
            first,
            json!({
                "description": "a token stands in a file",
                "check_name": "token-in-file",
                "severity": "blocker",
                "location": {"path": "src/a.env", "lines": {"begin": 2}},
            })
        );
        assert_eq!(entries[2]["severity"], "major");
    }

    #[test]
    fn the_documented_shape_is_kept() {
        for report in [empty(), usual(), hostile()] {
            keeps_to(SCHEMA, &Value::from(entries(&report)));
        }
    }

    #[test]
    fn fingerprints_are_unique_and_stay() {
        let report = hostile();
        let entries = entries(&report);
        let of = |entries: &[Value]| -> BTreeSet<String> {
            entries.iter().map(|entry| entry["fingerprint"].to_string()).collect()
        };
        let known = of(&entries);
        assert_eq!(known.len(), entries.len());
        let mut moved = report;
        for finding in &mut moved.findings {
            finding.region.start.line += 7;
        }
        assert_eq!(of(&self::entries(&moved)), known);
    }

    #[test]
    fn paths_lead_from_the_root() {
        let mut report = usual();
        report.findings[2].path = "./src/a.env".into();
        report.findings[1].path = "".into();
        let entries = entries(&report);
        assert_eq!(entries[0]["location"]["path"], "src/a.env");
        assert_eq!(entries[1]["location"]["path"], ".");
    }

    #[test]
    fn an_incomplete_analysis_is_an_entry() {
        let entries = entries(&hostile());
        assert_eq!(entries[0]["check_name"], "incomplete-unreadable");
    }
}

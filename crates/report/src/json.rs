//! The contract `careen/1`. Keys are only ever added; their order is fixed.

use std::collections::BTreeMap;
use std::io;

use careen_rule::{
    Judged, JudgedEdit, JudgedFix, JudgedRelated, Lowered, Note, ObjectPath, Region, Report,
    Safety, Severity, Suppression,
};
use serde::Serialize;

use crate::time::rfc3339;
use crate::{Options, harmless, shown};

/// Names the contract; a new number means that something was taken away or changed its meaning.
const SCHEMA: &str = "careen/1";

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        head: head(report),
        summary: Summary::of(report),
        findings: shown(report, options).map(Finding::of).collect(),
        notes: report.notes.iter().map(NoteOut::of).collect(),
    };
    harmless::write(&document, true, out)
}

/// Which contract this is, who wrote it, and as of when.
pub(crate) fn head(report: &Report) -> impl Serialize {
    Head {
        schema: SCHEMA,
        tool: Tool { name: &report.tool.name, version: &report.tool.version },
        at: rfc3339(report.at),
    }
}

/// The counts.
pub(crate) fn summary(report: &Report) -> impl Serialize {
    Summary::of(report)
}

/// A finding.
pub(crate) fn finding(finding: &Judged) -> impl Serialize {
    Finding::of(finding)
}

/// A note.
pub(crate) fn note(note: &Note) -> impl Serialize {
    NoteOut::of(note)
}

#[derive(Serialize)]
struct Document<'r, H> {
    #[serde(flatten)]
    head: H,
    summary: Summary<'r>,
    findings: Vec<Finding<'r>>,
    notes: Vec<NoteOut<'r>>,
}

#[derive(Serialize)]
struct Head<'r> {
    schema: &'static str,
    tool: Tool<'r>,
    at: String,
}

#[derive(Serialize)]
struct Tool<'r> {
    name: &'r str,
    version: &'r str,
}

#[derive(Serialize)]
struct Summary<'r> {
    complete: bool,
    findings: usize,
    suppressed: usize,
    by_severity: BySeverity,
    files: usize,
    bytes: u64,
    objects: usize,
    dockerfiles: usize,
    /// Only where built images were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<usize>,
    certificates: usize,
    binary: usize,
    templates: usize,
    /// Only in the report on a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    commits: Option<usize>,
    suppressed_by: BTreeMap<&'r str, usize>,
}

#[derive(Default, Serialize)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

impl<'r> Summary<'r> {
    fn of(report: &'r Report) -> Self {
        let mut by_severity = BySeverity::default();
        let mut findings = 0;
        for finding in report.active() {
            findings += 1;
            *match finding.severity {
                Severity::Critical => &mut by_severity.critical,
                Severity::High => &mut by_severity.high,
                Severity::Medium => &mut by_severity.medium,
                Severity::Low => &mut by_severity.low,
                Severity::Info => &mut by_severity.info,
            } += 1;
        }
        let summary = &report.summary;
        Self {
            complete: report.is_complete(),
            findings,
            suppressed: report.findings.len() - findings,
            by_severity,
            files: summary.files,
            bytes: summary.bytes,
            objects: summary.objects,
            dockerfiles: summary.dockerfiles,
            images: (summary.images > 0).then_some(summary.images),
            certificates: summary.certificates,
            binary: summary.binary,
            templates: summary.templates,
            commits: (summary.commits > 0).then_some(summary.commits),
            suppressed_by: report.suppressed_by(),
        }
    }
}

#[derive(Serialize)]
struct Finding<'r> {
    rule: &'static str,
    severity: &'static str,
    confidence: &'static str,
    message: &'r str,
    path: &'r str,
    #[serde(flatten)]
    place: Place,
    object: Option<Object<'r>>,
    fingerprint: &'r str,
    suppressed: Option<Suppressed<'r>>,
    related: Vec<Related<'r>>,
    fix: Option<Fix<'r>>,
    /// Only in the report on a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<History<'r>>,
    lowered: Option<LoweredOut>,
}

impl<'r> Finding<'r> {
    fn of(finding: &'r Judged) -> Self {
        Self {
            rule: finding.rule.id,
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            message: &finding.message,
            path: &finding.path,
            place: Place::of(finding.region),
            object: finding.object.as_deref().map(Object::of),
            fingerprint: &finding.fingerprint,
            suppressed: finding.suppressed.as_ref().map(Suppressed::of),
            related: finding.related.iter().map(Related::of).collect(),
            fix: finding.fix.as_ref().map(Fix::of),
            history: finding.history.as_deref().map(History::of),
            lowered: finding.lowered.map(|lowered| LoweredOut::of(lowered, finding.severity)),
        }
    }
}

/// Why a severity is not the rule's: by how many levels, and because of what.
#[derive(Serialize)]
struct LoweredOut {
    from: &'static str,
    by: usize,
    because: &'static str,
}

impl LoweredOut {
    fn of(lowered: Lowered, severity: Severity) -> Self {
        let level = |severity| Severity::ALL.into_iter().position(|it| it == severity);
        let by = level(lowered.from).unwrap_or(0).abs_diff(level(severity).unwrap_or(0));
        Self { from: lowered.from.as_str(), by, because: lowered.because }
    }
}

/// Lines and columns in code points, from 1; the end is exclusive.
#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl Place {
    fn of(region: Region) -> Self {
        Self {
            line: region.start.line,
            column: region.start.column,
            end_line: region.end.line,
            end_column: region.end.column,
        }
    }
}

#[derive(Serialize)]
struct Object<'r> {
    api_version: &'r str,
    kind: &'r str,
    namespace: Option<&'r str>,
    name: &'r str,
    container: Option<&'r str>,
    field: Option<&'r str>,
}

impl<'r> Object<'r> {
    fn of(object: &'r ObjectPath) -> Self {
        Self {
            api_version: &object.api_version,
            kind: &object.kind,
            namespace: object.namespace.as_deref(),
            name: &object.name,
            container: object.container.as_deref(),
            field: object.field.as_deref(),
        }
    }
}

/// The first commit that has the finding, and what became of it.
#[derive(Serialize)]
struct History<'r> {
    commit: &'r str,
    date: String,
    author: Option<&'r str>,
    versions: usize,
    in_head: bool,
    head_path: Option<&'r str>,
}

impl<'r> History<'r> {
    fn of(history: &'r careen_rule::History) -> Self {
        Self {
            commit: &history.commit,
            date: rfc3339(history.time),
            author: history.author.as_deref(),
            versions: history.versions,
            in_head: history.in_head,
            head_path: history.head_path.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Suppressed<'r> {
    kind: &'static str,
    reason: Option<&'r str>,
    owner: Option<&'r str>,
    source: Option<&'r str>,
}

impl<'r> Suppressed<'r> {
    fn of(suppression: &'r Suppression) -> Self {
        Self {
            kind: suppression.kind.as_str(),
            reason: suppression.reason.as_deref(),
            owner: suppression.owner.as_deref(),
            source: suppression.source.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct Related<'r> {
    path: &'r str,
    #[serde(flatten)]
    place: Place,
    message: &'r str,
}

impl<'r> Related<'r> {
    fn of(related: &'r JudgedRelated) -> Self {
        let place = Place::of(related.region);
        Self { path: &related.path, place, message: &related.message }
    }
}

#[derive(Serialize)]
struct Fix<'r> {
    title: &'r str,
    safety: &'static str,
    edits: Vec<Edit<'r>>,
}

impl<'r> Fix<'r> {
    fn of(fix: &'r JudgedFix) -> Self {
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        };
        Self { title: &fix.title, safety, edits: fix.edits.iter().map(Edit::of).collect() }
    }
}

#[derive(Serialize)]
struct Edit<'r> {
    #[serde(flatten)]
    place: Place,
    text: &'r str,
}

impl<'r> Edit<'r> {
    fn of(edit: &'r JudgedEdit) -> Self {
        Self { place: Place::of(edit.region), text: &edit.text }
    }
}

#[derive(Serialize)]
struct NoteOut<'r> {
    kind: &'static str,
    path: Option<&'r str>,
    line: Option<u32>,
    message: &'r str,
    incomplete: bool,
}

impl<'r> NoteOut<'r> {
    fn of(note: &'r Note) -> Self {
        Self {
            kind: note.kind.as_str(),
            path: note.path.as_deref(),
            line: note.line,
            message: &note.message,
            incomplete: note.incomplete,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sample::{empty, hostile, lowered, usual};
    use crate::{Format, Options, write};

    fn text(report: &careen_rule::Report, options: &Options) -> String {
        let mut bytes = Vec::new();
        write(report, Format::Json, options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_empty_report_in_full() {
        let expected = r#"{
  "schema": "careen/1",
  "tool": {
    "name": "careen",
    "version": "0.1.0"
  },
  "at": "2026-11-22T00:04:05Z",
  "summary": {
    "complete": true,
    "findings": 0,
    "suppressed": 0,
    "by_severity": {
      "critical": 0,
      "high": 0,
      "medium": 0,
      "low": 0,
      "info": 0
    },
    "files": 0,
    "bytes": 0,
    "objects": 0,
    "dockerfiles": 0,
    "certificates": 0,
    "binary": 0,
    "templates": 0,
    "suppressed_by": {}
  },
  "findings": [],
  "notes": []
}
"#;
        assert_eq!(text(&empty(), &Options::default()), expected);
    }

    #[test]
    fn findings_keep_to_the_contract() {
        let document: Value = serde_json::from_str(&text(&usual(), &Options::default())).unwrap();
        let findings = document["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 3);
        assert_eq!(
            findings[1],
            json!({
                "rule": "memory-limit-missing",
                "severity": "high",
                "confidence": "certain",
                "message": "container `web` in Deployment `shop/web` has no memory limit",
                "path": "deploy/web.yaml",
                "line": 7, "column": 13, "end_line": 7, "end_column": 26,
                "object": {
                    "api_version": "apps/v1",
                    "kind": "Deployment",
                    "namespace": "shop",
                    "name": "web",
                    "container": "web",
                    "field": null,
                },
                "fingerprint": "00112233445566778899aabbccddeeff",
                "suppressed": null,
                "lowered": null,
                "related": [],
                "fix": {
                    "title": "set a memory limit",
                    "safety": "unsafe",
                    "edits": [{
                        "line": 7, "column": 26, "end_line": 7, "end_column": 26,
                        "text": "\n      resources: {limits: {memory: 1Gi}}",
                    }],
                },
            })
        );
        assert_eq!(
            findings[2]["related"][1],
            json!({
                "path": "deploy/web.yaml",
                "line": 8, "column": 7, "end_line": 8, "end_column": 12,
                "message": "used here",
            })
        );
        assert_eq!(
            document["notes"][0],
            json!({
                "kind": "syntax", "path": "b.yaml", "line": 3,
                "message": "no mapping here", "incomplete": false,
            })
        );
        assert_eq!(document["summary"]["suppressed"], 1);
    }

    #[test]
    fn suppressed_findings_say_why() {
        let options = Options { show_suppressed: true, ..Options::default() };
        let document: Value = serde_json::from_str(&text(&lowered(), &options)).unwrap();
        assert_eq!(
            document["findings"][3]["suppressed"],
            json!({
                "kind": "comment", "reason": "runs once", "owner": null, "source": "trivy:ignore",
            })
        );
        assert_eq!(document["summary"]["findings"], 3);
        assert_eq!(document["summary"]["suppressed_by"], json!({"trivy:ignore": 1}));
    }

    #[test]
    fn a_lowered_severity_says_why() {
        let document: Value = serde_json::from_str(&text(&lowered(), &Options::default())).unwrap();
        assert_eq!(
            document["findings"][2]["lowered"],
            json!({"from": "critical", "by": 2, "because": "by its path the file is a test"})
        );
    }

    #[test]
    fn hostile_text_is_data() {
        let report = hostile();
        let options = Options { show_suppressed: true, ..Options::default() };
        let json = text(&report, &options);
        assert!(!json.contains(|character: char| character.is_control() && character != '\n'));
        let document: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(document["findings"][4]["path"], *report.findings[4].path);
        assert_eq!(document["summary"]["complete"], false);
    }
}

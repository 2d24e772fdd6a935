//! Grype, JSON.

use serde::Deserialize;
use serde_json::Value;

use super::scan::{self, Severity, Tally, each};
use crate::{Evidence, Kind, Trouble};

const TOOL: &str = "Grype";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    matches: Vec<Match>,
    ignored_matches: Option<Vec<serde::de::IgnoredAny>>,
    source: Option<Target>,
    descriptor: Descriptor,
}

#[derive(Deserialize)]
struct Match {
    vulnerability: Vulnerability,
    artifact: Artifact,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: String,
    severity: Option<String>,
    fix: Option<Fix>,
}

#[derive(Deserialize)]
struct Fix {
    versions: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Artifact {
    name: String,
    version: Option<String>,
}

/// A path, or an image with its digests.
#[derive(Deserialize)]
struct Target {
    target: Option<Value>,
}

#[derive(Deserialize)]
struct Descriptor {
    name: String,
    version: Option<String>,
    timestamp: Option<String>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["matches", "descriptor"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let report: Report = scan::decode(text, TOOL)?;
    if report.descriptor.name != "grype" {
        return Err(Trouble::new("is not of Grype: `descriptor.name` is another tool's"));
    }
    let mut evidence = Evidence::new(Kind::Grype);
    evidence.tool = scan::tool(TOOL, report.descriptor.version.as_deref());
    evidence.produced_at = report.descriptor.timestamp.as_deref().and_then(scan::when);
    if let Some(target) = report.source.and_then(|source| source.target) {
        name(&target, &mut evidence);
    }
    let mut tally = Tally::default();
    tally.suppressed = each(&report.ignored_matches).len();
    for found in &report.matches {
        let vulnerability = &found.vulnerability;
        let severity = Severity::of(vulnerability.severity.as_deref(), None);
        tally.add(severity, || scan::issue(&vulnerability.id, &package(found)));
    }
    tally.tell(&mut evidence);
    Ok(evidence)
}

fn name(target: &Value, evidence: &mut Evidence) {
    let text = |key: &str| target.get(key).and_then(Value::as_str);
    if let Some(path) = target.as_str().or_else(|| text("userInput")) {
        scan::about(evidence, path);
    }
    for key in ["repoDigests", "tags"] {
        let all = target.get(key).and_then(Value::as_array).into_iter().flatten();
        for subject in all.filter_map(Value::as_str) {
            scan::about(evidence, subject);
        }
    }
    for digest in [text("manifestDigest"), text("imageID")].into_iter().flatten() {
        scan::about(evidence, digest);
    }
}

fn package(found: &Match) -> String {
    let Artifact { name, version } = &found.artifact;
    let version = version.as_deref().unwrap_or_default();
    let fixed = found.vulnerability.fix.as_ref().and_then(|fix| each(&fix.versions).first());
    let fixed = fixed.map_or_else(|| "not fixed".to_owned(), |fixed| format!("fixed in {fixed}"));
    format!("{name} {version}, {fixed}")
}

//! Trivy, JSON of schema 2.
//!
//! Vulnerabilities, failed checks of configurations and secrets count; licences do not. A report in
//! which no packages were looked at proves nothing about vulnerabilities: then what was not found is not
//! counted as 0. The text of a secret is never read.

use serde::Deserialize;

use super::scan::{self, Severity, Tally, each};
use crate::{Evidence, Kind, Trouble};

const TOOL: &str = "Trivy";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    schema_version: u32,
    created_at: Option<String>,
    artifact_name: Option<String>,
    metadata: Option<Metadata>,
    results: Option<Vec<Scanned>>,
    trivy: Option<Program>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Program {
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    #[serde(rename = "ImageID")]
    image_id: Option<String>,
    repo_digests: Option<Vec<String>>,
    repo_tags: Option<Vec<String>>,
    commit: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scanned {
    #[serde(default)]
    target: String,
    class: Option<String>,
    vulnerabilities: Option<Vec<Vulnerability>>,
    misconfigurations: Option<Vec<Misconfiguration>>,
    secrets: Option<Vec<Secret>>,
    experimental_modified_findings: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    pkg_name: Option<String>,
    installed_version: Option<String>,
    fixed_version: Option<String>,
    status: Option<String>,
    severity: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Misconfiguration {
    #[serde(rename = "ID")]
    id: String,
    title: Option<String>,
    severity: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Secret {
    #[serde(rename = "RuleID")]
    id: String,
    title: Option<String>,
    severity: Option<String>,
    start_line: Option<u32>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["SchemaVersion", "ArtifactName"])
        || scan::has_keys(text, &["SchemaVersion", "Results"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let report: Report = scan::decode(text, TOOL)?;
    if report.schema_version != 2 {
        let message = "is of a schema of Trivy that is not known: only version 2 is read";
        return Err(Trouble::new(message));
    }
    if report.artifact_name.is_none() && report.results.is_none() {
        return Err(Trouble::new("is no report of Trivy: it names no artifact and has no results"));
    }
    let mut evidence = Evidence::new(Kind::Trivy);
    let version = report.trivy.as_ref().and_then(|program| program.version.as_deref());
    evidence.tool = scan::tool(TOOL, version);
    evidence.produced_at = report.created_at.as_deref().and_then(scan::when);
    name(&report, &mut evidence);
    let mut tally = Tally::default();
    for result in each(&report.results) {
        count(result, &mut tally);
    }
    let packages = each(&report.results).iter().any(has_packages);
    if packages {
        tally.tell(&mut evidence);
    } else {
        tell_what_was_found(tally, &mut evidence);
    }
    Ok(evidence)
}

/// Says what was looked at: the image, or the folder with its commit.
fn name(report: &Report, evidence: &mut Evidence) {
    scan::about(evidence, report.artifact_name.as_deref().unwrap_or_default());
    let Some(metadata) = &report.metadata else { return };
    for subject in each(&metadata.repo_digests).iter().chain(each(&metadata.repo_tags)) {
        scan::about(evidence, subject);
    }
    scan::about(evidence, metadata.image_id.as_deref().unwrap_or_default());
    evidence.commit = metadata.commit.as_deref().and_then(scan::commit);
}

fn has_packages(result: &Scanned) -> bool {
    matches!(result.class.as_deref(), Some("os-pkgs" | "lang-pkgs"))
        || !each(&result.vulnerabilities).is_empty()
}

fn count(result: &Scanned, tally: &mut Tally) {
    let target = &result.target;
    tally.suppressed += each(&result.experimental_modified_findings).len();
    for found in each(&result.vulnerabilities) {
        if found.status.as_deref() == Some("not_affected") {
            tally.suppressed += 1;
        } else {
            tally.add(rated(&found.severity), || scan::issue(&found.id, &package(found, target)));
        }
    }
    for found in each(&result.misconfigurations) {
        let title = found.title.as_deref().unwrap_or("a check failed");
        match found.status.as_deref() {
            Some("PASS") => {}
            Some("EXCEPTION") => tally.suppressed += 1,
            _ => tally.add(rated(&found.severity), || {
                scan::issue(&found.id, &format!("{target}: {title}"))
            }),
        }
    }
    for found in each(&result.secrets) {
        let title = found.title.as_deref().unwrap_or("a secret");
        let line = found.start_line.unwrap_or(1);
        tally.add(rated(&found.severity), || {
            scan::issue(&found.id, &format!("{target}:{line}: {title}"))
        });
    }
}

fn rated(word: &Option<String>) -> Severity {
    Severity::of(word.as_deref(), None)
}

fn package(found: &Vulnerability, target: &str) -> String {
    let name = found.pkg_name.as_deref().unwrap_or("a package");
    let version = found.installed_version.as_deref().unwrap_or_default();
    let fixed = found.fixed_version.as_deref().filter(|fixed| !fixed.is_empty());
    let fixed = fixed.map_or_else(|| "not fixed".to_owned(), |fixed| format!("fixed in {fixed}"));
    format!("{name} {version} in {target}, {fixed}")
}

/// Of what was looked at for other things than packages, the findings count and their absence does not.
fn tell_what_was_found(tally: Tally, evidence: &mut Evidence) {
    let mut all = Evidence::new(Kind::Trivy);
    tally.tell(&mut all);
    for (measure, value) in all.measures.iter().filter(|(_, value)| *value > 0.0) {
        evidence.measures.set(measure, value);
    }
    evidence.issues = all.issues;
    evidence.more_issues = all.more_issues;
}

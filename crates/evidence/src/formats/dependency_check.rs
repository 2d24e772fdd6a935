//! OWASP dependency-check, JSON.
//!
//! It lists every dependency it looked at, also those without a vulnerability: a report without any
//! dependency has looked at nothing, and measures nothing. An analyser that failed makes the whole a
//! gate of 0, as it fails the build of those who use the tool.

use serde::Deserialize;

use super::scan::{self, Severity, Tally, each};
use crate::{Evidence, Kind, Measure, Trouble};

const TOOL: &str = "dependency-check";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(rename = "reportSchema")]
    _schema: String,
    scan_info: Option<Scan>,
    project_info: Option<Project>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scan {
    engine_version: Option<String>,
    analysis_exceptions: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Project {
    name: Option<String>,
    report_date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    file_name: Option<String>,
    vulnerabilities: Option<Vec<Vulnerability>>,
    suppressed_vulnerabilities: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
struct Vulnerability {
    name: String,
    severity: Option<String>,
    cvssv2: Option<Score>,
    cvssv3: Option<Score>,
    cvssv4: Option<Score>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Score {
    base_score: Option<f64>,
    score: Option<f64>,
    base_severity: Option<String>,
    severity: Option<String>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["reportSchema", "dependencies"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let report: Report = scan::decode(text, TOOL)?;
    let mut evidence = Evidence::new(Kind::DependencyCheck);
    let version = report.scan_info.as_ref().and_then(|info| info.engine_version.as_deref());
    evidence.tool = scan::tool(TOOL, version);
    if let Some(project) = &report.project_info {
        evidence.produced_at = project.report_date.as_deref().and_then(scan::when);
        scan::about(&mut evidence, project.name.as_deref().unwrap_or_default());
    }
    let mut tally = Tally::default();
    for dependency in &report.dependencies {
        let file = dependency.file_name.as_deref().unwrap_or("a dependency");
        tally.suppressed += each(&dependency.suppressed_vulnerabilities).len();
        for found in each(&dependency.vulnerabilities) {
            tally.add(severity(found), || scan::issue(&found.name, &format!("in {file}")));
        }
    }
    let failed = report.scan_info.map_or(0, |info| each(&info.analysis_exceptions).len());
    if failed > 0 {
        evidence.measures.set(Measure::Gate, 0.0);
        let message = format!("{failed} analysers failed: dependencies may have been overlooked");
        evidence.push(scan::issue(TOOL, &message));
        tally.tell_issues(&mut evidence);
    } else if report.dependencies.is_empty() {
        evidence.push(scan::issue(TOOL, "looked at no dependency"));
    } else {
        tally.tell(&mut evidence);
    }
    Ok(evidence)
}

fn severity(found: &Vulnerability) -> Severity {
    let newest = [&found.cvssv4, &found.cvssv3, &found.cvssv2].into_iter().flatten().next();
    let word = newest.and_then(|rating| rating.base_severity.as_ref().or(rating.severity.as_ref()));
    let score = newest.and_then(|rating| rating.base_score.or(rating.score));
    match Severity::of(found.severity.as_deref(), None) {
        Severity::Unrated => Severity::of(word.map(String::as_str), score),
        rated => rated,
    }
}

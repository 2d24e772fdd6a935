//! OpenSSF Scorecard, JSON.

use serde::Deserialize;

use super::scan;
use crate::{Evidence, Kind, Measure, Trouble};

const TOOL: &str = "Scorecard";

#[derive(Deserialize)]
struct Report {
    date: Option<String>,
    repo: Repo,
    scorecard: Option<Program>,
    score: f64,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Repo {
    name: String,
    commit: Option<String>,
}

#[derive(Deserialize)]
struct Program {
    version: Option<String>,
}

#[derive(Deserialize)]
struct Check {
    name: String,
    score: f64,
    reason: Option<String>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["scorecard", "score", "checks"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let mut report: Report = scan::decode(text, TOOL)?;
    if !(0.0..=10.0).contains(&report.score) {
        // -1 is what it says when no check came to a result.
        return Err(Trouble::new("has no score between 0 and 10: no check came to a result"));
    }
    let mut evidence = Evidence::new(Kind::Scorecard);
    let version = report.scorecard.as_ref().and_then(|program| program.version.as_deref());
    evidence.tool = scan::tool(TOOL, version);
    evidence.produced_at = report.date.as_deref().and_then(scan::when);
    evidence.commit = report.repo.commit.as_deref().and_then(scan::commit);
    scan::about(&mut evidence, &report.repo.name);
    evidence.measures.set(Measure::Score, report.score);
    // What came to no result stands last: it is not known to be bad.
    let rank = |check: &Check| if check.score < 0.0 { 11.0 } else { check.score };
    report.checks.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
    for check in report.checks.iter().filter(|check| check.score < 10.0) {
        let reason = check.reason.as_deref().unwrap_or("no reason is given");
        let message = if check.score < 0.0 {
            format!("came to no result: {reason}")
        } else {
            format!("{} of 10: {reason}", check.score)
        };
        evidence.push(scan::issue(&check.name, &message));
    }
    Ok(evidence)
}

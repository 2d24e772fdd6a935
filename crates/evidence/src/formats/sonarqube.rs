//! SonarQube: the quality gate of `api/qualitygates/project_status`, or all pages of
//! `api/issues/search` in one file.
//!
//! Only `OK` passes a gate. `NONE` means that nothing was computed, `WARN` is what old servers say of a
//! gate that is not passed in full.

use serde::Deserialize;

use super::scan::{self, Severity, Tally, each};
use crate::{Evidence, Kind, Measure, Trouble};

const TOOL: &str = "SonarQube";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    project_status: Option<Gate>,
    issues: Option<Vec<Found>>,
    paging: Option<Paging>,
    total: Option<usize>,
}

#[derive(Deserialize)]
struct Gate {
    status: String,
    conditions: Option<Vec<Condition>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Condition {
    status: String,
    metric_key: String,
    comparator: Option<String>,
    error_threshold: Option<String>,
    actual_value: Option<String>,
}

#[derive(Deserialize)]
struct Paging {
    total: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    rule: String,
    severity: Option<String>,
    component: Option<String>,
    project: Option<String>,
    line: Option<u32>,
    status: Option<String>,
    issue_status: Option<String>,
    resolution: Option<String>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["projectStatus"]) || scan::has_keys(text, &["issues", "paging"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let answer: Answer = scan::decode(text, TOOL)?;
    let mut evidence = Evidence::new(Kind::SonarQube);
    evidence.tool = scan::tool(TOOL, None);
    match (answer.project_status, answer.issues) {
        (Some(gate), _) => judge(&gate, &mut evidence)?,
        (None, Some(issues)) => {
            let total = answer.paging.map(|paging| paging.total).or(answer.total);
            count(&issues, total, &mut evidence)?;
        }
        (None, None) => {
            return Err(Trouble::new(
                "is no answer of SonarQube about a gate: neither `projectStatus` nor `issues` is there",
            ));
        }
    }
    Ok(evidence)
}

fn judge(gate: &Gate, evidence: &mut Evidence) -> Result<(), Trouble> {
    let passed = match gate.status.as_str() {
        "OK" => true,
        "WARN" | "ERROR" | "NONE" => false,
        _ => return Err(Trouble::new("has a gate whose status is none of OK, WARN, ERROR, NONE")),
    };
    let mut failed = 0;
    for condition in each(&gate.conditions) {
        match condition.status.as_str() {
            "OK" | "NO_VALUE" => continue,
            "ERROR" => failed += 1,
            _ => {}
        }
        evidence.push(scan::issue(&condition.metric_key, &said(condition)));
    }
    if gate.status == "NONE" {
        let message = "has no status: nothing was computed for this project";
        evidence.push(scan::issue("quality gate", message));
    }
    // A gate that says OK over a condition that failed is not believed.
    evidence.measures.set(Measure::Gate, f64::from(u8::from(passed && failed == 0)));
    evidence.measures.set(Measure::ErrorLevel, scan::number(failed));
    Ok(())
}

fn said(condition: &Condition) -> String {
    let actual = condition.actual_value.as_deref().unwrap_or("unknown");
    let bound = condition.error_threshold.as_deref().unwrap_or("its bound");
    match condition.comparator.as_deref() {
        Some("LT") => format!("is {actual}, which is less than {bound}"),
        Some("GT") => format!("is {actual}, which is more than {bound}"),
        _ => format!("is {actual}, against {bound}"),
    }
}

fn count(found: &[Found], total: Option<usize>, evidence: &mut Evidence) -> Result<(), Trouble> {
    let here = found.len();
    match total {
        Some(total) if total == here => {}
        Some(total) => {
            let message = format!("holds {here} of {total} issues: put all pages into one list");
            return Err(Trouble::new(message));
        }
        None => return Err(Trouble::new("does not say how many issues there are in `paging`")),
    }
    let mut tally = Tally::default();
    for issue in found {
        if let Some(project) = &issue.project {
            scan::about(evidence, project);
        }
        let is = |state: &str| {
            let states = [&issue.status, &issue.issue_status, &issue.resolution];
            states.into_iter().flatten().any(|known| known.eq_ignore_ascii_case(state))
        };
        if ["FALSE-POSITIVE", "FALSE_POSITIVE", "WONTFIX", "ACCEPTED"].into_iter().any(is) {
            tally.suppressed += 1;
        } else if !["FIXED", "CLOSED", "REMOVED"].into_iter().any(is) {
            let place = issue.component.as_deref().unwrap_or("no file");
            let line = issue.line.map(|line| format!(":{line}")).unwrap_or_default();
            let severity = severity(issue.severity.as_deref().unwrap_or_default());
            tally.add(severity, || scan::issue(&issue.rule, &format!("{place}{line}")));
        }
    }
    tally.tell(evidence);
    Ok(())
}

/// Its words mean something else than those of others: `CRITICAL` is its second, `MINOR` its fourth.
fn severity(word: &str) -> Severity {
    match word {
        "BLOCKER" => Severity::Critical,
        "CRITICAL" => Severity::High,
        "MAJOR" => Severity::Medium,
        "MINOR" | "INFO" => Severity::Low,
        _ => Severity::Unrated,
    }
}

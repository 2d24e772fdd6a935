//! SARIF 2.1.0 of other tools.
//!
//! All runs count together. What a tool says it could not do proves nothing: then the only measure is a
//! gate of 0, and what was found stands among the issues. Texts of results are not repeated, since
//! scanners for secrets write what they found into them; the rule and the place say enough.

use careen_sarif::{
    BaselineState, Kind as Outcomes, Level, NotSarif, Outcome, ReadLog, ReadRun,
    ReportingDescriptor, SuppressionStatus,
};

use super::scan::{self, Severity, Tally};
use crate::{Evidence, Kind, Measure, Trouble};

/// Tools that look for vulnerabilities of dependencies and nothing else, so that their reports speak of
/// these also when they found none. Trivy looks for what it is told to, and its SARIF does not say that.
const ONLY_VULNERABILITIES: [&str; 6] =
    ["grype", "osv-scanner", "dependency-check", "govulncheck", "cargo-audit", "snyk open source"];

/// The word in `about` for reports that speak of vulnerabilities of dependencies.
const VULNERABILITIES: &str = "vulnerabilities";

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["runs", "version"]) || scan::has_keys(text, &["runs", "$schema"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let log = careen_sarif::read(text.as_bytes()).map_err(|error| match error {
        NotSarif::Json(_) => {
            let not_json = scan::decode::<serde::de::IgnoredAny>(text, "the tool").err();
            not_json.unwrap_or_else(|| Trouble::new("is not valid JSON"))
        }
        NotSarif::Other { place, what } => Trouble::new(format!("is no SARIF: {place}: {what}")),
    })?;
    if log.runs.is_empty() {
        return Err(Trouble::new("has no runs: no tool looked at anything"));
    }
    Ok(evidence(&log))
}

fn evidence(log: &ReadLog) -> Evidence {
    let mut evidence = Evidence::new(Kind::Sarif);
    let mut tally = Tally::default();
    let mut errors = 0;
    let mut failed = false;
    for read in &log.runs {
        failed |= has_failed(read, &mut evidence);
        for outcome in &read.run.results {
            errors += count(outcome, read, &mut tally);
        }
        if speaks_of_vulnerabilities(read) {
            scan::about(&mut evidence, VULNERABILITIES);
        }
    }
    let unread = log.problems.len() + log.more_problems;
    let unread = unread - log.runs.iter().filter(|read| !read.has_results).count().min(unread);
    for _ in 0..unread {
        let issue = || scan::issue("unreadable", "a result that is no object");
        tally.add(Severity::Unrated, issue);
    }
    evidence.tool = tools(log);
    let times = log.runs.iter().flat_map(|read| &read.times);
    evidence.produced_at = times.filter_map(|time| scan::when(time)).min();
    evidence.commit = revision(log);
    if failed {
        evidence.measures.set(Measure::Gate, 0.0);
        tally.tell_issues(&mut evidence);
    } else {
        evidence.measures.set(Measure::ErrorLevel, scan::number(errors));
        tally.tell(&mut evidence);
    }
    evidence
}

/// Whether the tool could not do its work. A run without a list of results has not looked.
fn has_failed(read: &ReadRun, evidence: &mut Evidence) -> bool {
    let name = &read.run.tool.driver.name;
    if !read.has_results {
        evidence.push(scan::issue(name, "wrote no list of results: it did not look"));
        return true;
    }
    let failed = read.run.invocations.iter().find(|each| !each.execution_successful);
    if let Some(invocation) = failed {
        let code = invocation.exit_code.map(|code| format!(" with exit code {code}"));
        let message = format!("says that it failed{}", code.unwrap_or_default());
        evidence.push(scan::issue(name, &message));
    }
    failed.is_some()
}

/// Counts a result; 1 if it is of level `error`.
fn count(outcome: &Outcome, read: &ReadRun, tally: &mut Tally) -> usize {
    let open = match outcome.kind {
        None | Some(Outcomes::Fail) => false,
        Some(Outcomes::Open | Outcomes::Review) => true,
        Some(Outcomes::Pass | Outcomes::NotApplicable | Outcomes::Informational) => return 0,
    };
    if outcome.baseline_state == Some(BaselineState::Absent) {
        return 0;
    }
    let rule = read.run.tool.driver.rules.get(outcome.rule_index);
    let severity = match severity(outcome, rule) {
        _ if open => Severity::Unrated,
        Some(severity) => severity,
        None => return 0,
    };
    if is_suppressed(outcome) {
        tally.suppressed += 1;
        return 0;
    }
    tally.add(severity, || scan::issue(&outcome.rule_id, &described(outcome, rule)));
    usize::from(!open && outcome.level == Level::Error)
}

/// One suppression that is not accepted keeps the result alive.
fn is_suppressed(outcome: &Outcome) -> bool {
    let all = outcome.suppressions.as_deref().unwrap_or_default();
    !all.is_empty() && all.iter().all(|each| each.status == SuppressionStatus::Accepted)
}

/// None for what the tool itself gives no weight.
fn severity(outcome: &Outcome, rule: Option<&ReportingDescriptor>) -> Option<Severity> {
    let of_result = outcome.properties.as_ref().and_then(|bag| bag.security_severity.as_deref());
    let of_rule = || rule?.properties.as_ref()?.security_severity.as_deref();
    // A score of 0 is how Trivy says that a severity is unknown: the level, which it has to write, is a
    // guess then.
    let score = of_result.or_else(of_rule).and_then(|score| score.parse().ok());
    let by_level = match outcome.level {
        Level::Error => Severity::High,
        Level::Warning => Severity::Medium,
        Level::Note => Severity::Low,
        Level::None => return score.map(Severity::of_score).filter(|s| *s != Severity::Unrated),
    };
    Some(score.map_or(by_level, Severity::of_score))
}

/// What the rule is about, and where: words of the rule's author, none of the file's.
fn described(outcome: &Outcome, rule: Option<&ReportingDescriptor>) -> String {
    let short = rule.and_then(|rule| rule.short_description.as_ref()).map(|text| &text.text);
    let said = short.or_else(|| rule?.name.as_ref());
    let place = outcome.locations.first().and_then(|location| {
        let physical = location.physical_location.as_ref()?;
        let uri = physical.artifact_location.uri.as_deref()?;
        let line = physical.region.as_ref().map(|region| region.start_line);
        Some(line.map_or_else(|| uri.to_owned(), |line| format!("{uri}:{line}")))
    });
    match (said, place) {
        (Some(said), Some(place)) => format!("{place}: {said}"),
        (Some(said), None) => said.clone(),
        (None, Some(place)) => place,
        (None, None) => "a result without a place".to_owned(),
    }
}

fn speaks_of_vulnerabilities(read: &ReadRun) -> bool {
    let driver = &read.run.tool.driver;
    let name = driver.name.to_ascii_lowercase();
    let is_tagged = |rule: &ReportingDescriptor| {
        let tags = rule.properties.as_ref().map_or(&[][..], |bag| &bag.tags);
        tags.iter().any(|tag| tag.eq_ignore_ascii_case("vulnerability"))
    };
    let is_named =
        |rule: &ReportingDescriptor| rule.id.starts_with("CVE-") || rule.id.starts_with("GHSA-");
    ONLY_VULNERABILITIES.contains(&name.as_str())
        || driver.rules.iter().any(|rule| is_tagged(rule) || is_named(rule))
}

fn tools(log: &ReadLog) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for read in &log.runs {
        let driver = &read.run.tool.driver;
        let version = driver.semantic_version.as_deref().or(driver.version.as_deref());
        names.extend(scan::tool(&driver.name, version).filter(|name| !names.contains(name)));
    }
    scan::tool(&names.join(", "), None)
}

/// The commit that all runs speak of. Runs of several commits speak of none.
fn revision(log: &ReadLog) -> Option<String> {
    let mut all = log.runs.iter().map(|read| read.revision.as_deref().and_then(scan::commit));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

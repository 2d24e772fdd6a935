//! The report for code scanning: one run, one driver, every rule, within the limits of the hosts.

mod notifications;
mod results;
mod rules;

use std::collections::BTreeMap;
use std::io;

use careen_rule::{Report, Severity};
use careen_sarif::{
    ArtifactLocation, AutomationDetails, ColumnKind, Invocation, Level, Log, MultiformatMessage,
    Run, Tool, ToolComponent, artifact_uri,
};

use crate::{Options, harmless};

/// The name of the root all paths are relative to. Description only: no absolute path gets out.
const ROOT: &str = "%SRCROOT%";
/// Where to read about the tool.
const HOME: &str = "https://careen.dev";

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(&log(report, options), false, out)
}

fn log(report: &Report, options: &Options) -> Log {
    let rules = rules::Rules::of(report);
    let (results, left_out) = results::results(report, &rules, options);
    let root = ArtifactLocation {
        description: Some(MultiformatMessage::plain(
            "The root of the repository, or the working directory outside of one.",
        )),
        ..ArtifactLocation::default()
    };
    Log::of(Run {
        tool: Tool { driver: driver(report, &rules) },
        automation_details: options.sarif_category.as_deref().map(automation),
        invocations: vec![invocation(report, options, left_out)],
        language: "en-US",
        column_kind: ColumnKind::Utf16CodeUnits,
        original_uri_base_ids: BTreeMap::from([(ROOT.to_owned(), root)]),
        results,
    })
}

fn driver(report: &Report, rules: &rules::Rules) -> ToolComponent {
    ToolComponent {
        name: report.tool.name.clone(),
        organization: Some("Careen".to_owned()),
        short_description: Some(MultiformatMessage::plain(
            "Checks whether a repository is ready for production.",
        )),
        version: Some(report.tool.version.clone()),
        semantic_version: Some(report.tool.version.clone()),
        information_uri: Some(HOME.to_owned()),
        rules: rules.descriptors(),
        notifications: notifications::descriptors(),
    }
}

/// A host takes everything up to the last slash for the category.
fn automation(category: &str) -> AutomationDetails {
    AutomationDetails { id: format!("{}/", category.trim_end_matches('/')) }
}

fn invocation(report: &Report, options: &Options, left_out: usize) -> Invocation {
    let fails = report.active().any(|finding| finding.severity >= options.fail_on);
    // Results that are missing because half of the work failed would close alerts, so the run is
    // then no success; findings, however bad, are none of its business.
    let (exit_code, meaning) = match (report.is_complete(), fails) {
        (false, _) => (2, "the analysis is incomplete"),
        (true, true) => (1, "findings at or above the failing severity"),
        (true, false) => (0, "no findings at or above the failing severity"),
    };
    Invocation {
        execution_successful: report.is_complete(),
        exit_code: Some(exit_code),
        exit_code_description: Some(meaning.to_owned()),
        tool_execution_notifications: notifications::notifications(&report.notes, left_out),
    }
}

/// A file of the report. A path outside the root is absolute and has no base.
fn artifact(path: &str) -> ArtifactLocation {
    let uri = artifact_uri(path);
    let base = (!uri.starts_with("file://")).then(|| ROOT.to_owned());
    ArtifactLocation { uri: Some(uri), uri_base_id: base, description: None }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low | Severity::Info => Level::Note,
    }
}

/// GitLab reads the rank first, so it agrees with [`security_severity`].
fn rank(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Info => 5.0,
    }
}

/// Never 9.0, which one host takes for high and another for critical. Mere information has none.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

#[cfg(test)]
mod tests;

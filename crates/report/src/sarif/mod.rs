//! The report for code scanning: one run, one driver, every rule, within the limits of the hosts.

mod cwe;
mod fit;
mod merge;
mod notifications;
mod objects;
mod places;
mod results;
mod rules;
mod severity;

use std::collections::BTreeMap;
use std::io;

use careen_rule::Report;
use careen_sarif::{
    ArtifactLocation, AutomationDetails, ColumnKind, Invocation, Log, MultiformatMessage, Run,
    Tool, ToolComponent, artifact_uri,
};

pub(crate) use self::fit::{MAX_BYTES, fit};
pub use self::merge::{Input, MergeOptions, Merged, merge};
pub(crate) use self::notifications::{descriptors, left_out, notifications};
pub(crate) use self::results::{LINE_HASH, MAX_MESSAGE, MAX_RESULTS, plain};
pub(crate) use self::rules::{MAX_DESCRIPTION, pascal_case};

use crate::{Options, harmless};

/// The name of the root all paths are relative to. Description only: no absolute path gets out.
const ROOT: &str = "%SRCROOT%";
/// The language of all messages.
pub(crate) const LANGUAGE: &str = "en-US";
/// Where to read about the tool.
pub(crate) const HOME: &str = "https://careen.dev";

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(&log(report, options), false, out)
}

fn log(report: &Report, options: &Options) -> Log {
    let rules = rules::Rules::of(report);
    let mut objects = objects::Objects::default();
    let (results, left_out) = results::results(report, &rules, options, &mut objects);
    let weaknesses = rules.weaknesses();
    let (taxonomies, supported) = weaknesses.taxonomy().into_iter().unzip();
    let driver = ToolComponent { supported_taxonomies: supported, ..driver(report, &rules) };
    let mut run = Run {
        tool: Tool { driver },
        automation_details: options.sarif_category.as_deref().map(automation),
        invocations: vec![invocation(report, options)],
        language: Some(LANGUAGE.to_owned()),
        column_kind: ColumnKind::Utf16CodeUnits,
        original_uri_base_ids: roots(),
        logical_locations: objects.list(),
        taxonomies,
        results,
    };
    if left_out > 0 {
        notifications::left_out(&mut run, left_out);
    }
    let mut log = Log::of(run);
    fit::fit(&mut log, fit::MAX_BYTES);
    log
}

/// The one root, which says what paths are relative to and nothing of this machine.
pub(crate) fn roots() -> BTreeMap<String, ArtifactLocation> {
    let root = ArtifactLocation {
        description: Some(MultiformatMessage::plain(
            "The root of the repository, or the working directory outside of one.",
        )),
        ..ArtifactLocation::default()
    };
    BTreeMap::from([(ROOT.to_owned(), root)])
}

fn driver(report: &Report, rules: &rules::Rules) -> ToolComponent {
    ToolComponent {
        name: report.tool.name.clone(),
        full_name: Some(format!("{} {}", report.tool.name, report.tool.version)),
        organization: Some("Careen".to_owned()),
        short_description: Some(MultiformatMessage::plain(
            "Checks whether a repository is ready for production.",
        )),
        version: Some(report.tool.version.clone()),
        semantic_version: Some(report.tool.version.clone()),
        information_uri: Some(HOME.to_owned()),
        rules: rules.descriptors(),
        notifications: notifications::descriptors(),
        supported_taxonomies: Vec::new(),
    }
}

/// A host takes everything up to the last slash for the category.
pub(crate) fn automation(category: &str) -> AutomationDetails {
    AutomationDetails { id: format!("{}/", category.trim_end_matches('/')) }
}

fn invocation(report: &Report, options: &Options) -> Invocation {
    let fails = report.active().any(|finding| finding.severity >= options.fail_on);
    // Results that are missing because half of the work failed would close alerts, so the run is
    // then no success; findings, however bad, are none of its business.
    let (exit_code, meaning) = match (report.is_complete(), fails) {
        (false, _) => (2, "the analysis is incomplete"),
        (true, true) if options.exit_zero => {
            (0, "findings at or above the failing severity, which should not fail the run")
        }
        (true, true) => (1, "findings at or above the failing severity"),
        (true, false) => (0, "no findings at or above the failing severity"),
    };
    Invocation {
        execution_successful: report.is_complete(),
        exit_code: Some(exit_code),
        exit_code_description: Some(meaning.to_owned()),
        tool_execution_notifications: notifications::notifications(&report.notes),
    }
}

/// A file of the report. A path outside the root is absolute and has no base.
pub(crate) fn artifact(path: &str) -> ArtifactLocation {
    let uri = artifact_uri(path);
    let base = (!uri.starts_with("file://")).then(|| ROOT.to_owned());
    ArtifactLocation { uri: Some(uri), uri_base_id: base, description: None }
}

#[cfg(test)]
mod tests;

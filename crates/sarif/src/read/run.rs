//! Runs.

use std::collections::BTreeMap;

use serde_json::Value;

use super::location::location;
use super::outcome::{message, outcome};
use super::rules::{Rules, descriptor, level, multiformat};
use super::value::{At, list, text, words};
use super::{ReadLog, ReadRun};
use crate::{
    ArtifactLocation, AutomationDetails, ColumnKind, DescriptorReference, Invocation, Level,
    Message, Notification, ReportingDescriptor, Run, Tool, ToolComponent,
};

/// Roots of a run.
const MAX_BASES: usize = 100;
/// Invocations of a run, and notifications of each.
const MAX_INVOCATIONS: usize = 20;
const MAX_NOTIFICATIONS: usize = 1_000;

/// What results of a run refer to.
pub(super) struct Shared<'v> {
    pub(super) artifacts: &'v [Value],
    pub(super) objects: &'v [Value],
    /// Texts that any message may name.
    pub(super) strings: &'v Value,
}

pub(super) fn read(value: &Value, at: &At<'_>, log: &mut ReadLog) -> ReadRun {
    let shared = Shared {
        artifacts: list(value, "artifacts"),
        objects: list(value, "logicalLocations"),
        strings: &value["tool"]["driver"]["globalMessageStrings"],
    };
    let mut rules = Rules::of(&value["tool"]);
    let has_results = value.get("results").is_some_and(Value::is_array);
    if !has_results {
        log.problem(at, "`results` is missing");
    }
    let results_at = at.key("results");
    let mut results = Vec::with_capacity(list(value, "results").len());
    for (number, result) in list(value, "results").iter().enumerate() {
        match outcome(result, &mut rules, &shared) {
            Ok(outcome) => results.push(outcome),
            Err(why) => log.problem(&results_at.item(number), why),
        }
    }
    let invocations = list(value, "invocations").iter().take(MAX_INVOCATIONS);
    let working = list(value, "invocations")
        .first()
        .and_then(|first| first.get("workingDirectory").and_then(|folder| words(folder, "uri")));
    let column_kind = match text(value, "columnKind") {
        Some("utf16CodeUnits") => Some(ColumnKind::Utf16CodeUnits),
        Some("unicodeCodePoints") => Some(ColumnKind::UnicodeCodePoints),
        _ => None,
    };
    let notifications = descriptors(&value["tool"]["driver"], "notifications");
    let run = Run {
        automation_details: value
            .get("automationDetails")
            .and_then(|details| words(details, "id"))
            .map(|id| AutomationDetails { id }),
        invocations: invocations.map(|each| invocation(each, &notifications, &shared)).collect(),
        tool: Tool { driver: driver(&value["tool"]["driver"], rules.list, notifications) },
        column_kind: column_kind.unwrap_or_default(),
        original_uri_base_ids: bases(value),
        results,
        ..Run::default()
    };
    ReadRun {
        run,
        has_results,
        column_kind,
        working_directory: working,
        revision: list(value, "versionControlProvenance")
            .iter()
            .find_map(|version| words(version, "revisionId")),
        times: times(value),
    }
}

fn times(value: &Value) -> Vec<String> {
    let invocations = list(value, "invocations").iter().take(MAX_INVOCATIONS);
    let both =
        |each| ["startTimeUtc", "endTimeUtc"].into_iter().filter_map(move |key| words(each, key));
    invocations.flat_map(both).collect()
}

fn driver(
    value: &Value,
    rules: Vec<ReportingDescriptor>,
    notifications: Vec<ReportingDescriptor>,
) -> ToolComponent {
    ToolComponent {
        name: words(value, "name").unwrap_or_default(),
        full_name: words(value, "fullName"),
        organization: words(value, "organization"),
        short_description: multiformat(value, "shortDescription"),
        version: words(value, "version"),
        semantic_version: words(value, "semanticVersion"),
        information_uri: words(value, "informationUri").or_else(|| words(value, "downloadUri")),
        rules,
        notifications,
        supported_taxonomies: Vec::new(),
    }
}

fn descriptors(value: &Value, key: &str) -> Vec<ReportingDescriptor> {
    let all = list(value, key).iter().take(MAX_NOTIFICATIONS);
    all.filter_map(|each| Some(descriptor(words(each, "id")?, each))).collect()
}

fn bases(value: &Value) -> BTreeMap<String, ArtifactLocation> {
    let bases = value.get("originalUriBaseIds").and_then(Value::as_object);
    let base = |(id, value): (&String, &Value)| {
        let location = ArtifactLocation {
            uri: words(value, "uri"),
            uri_base_id: words(value, "uriBaseId"),
            description: None,
        };
        (id.clone(), location)
    };
    bases.into_iter().flatten().take(MAX_BASES).map(base).collect()
}

fn invocation(value: &Value, known: &[ReportingDescriptor], shared: &Shared<'_>) -> Invocation {
    let told = ["toolExecutionNotifications", "toolConfigurationNotifications"];
    let told = told.into_iter().flat_map(|key| list(value, key));
    let code = value.get("exitCode").and_then(Value::as_i64);
    Invocation {
        execution_successful: value
            .get("executionSuccessful")
            .and_then(Value::as_bool)
            .unwrap_or(true),
        exit_code: code.and_then(|code| i32::try_from(code).ok()),
        exit_code_description: words(value, "exitCodeDescription"),
        tool_execution_notifications: told
            .take(MAX_NOTIFICATIONS)
            .filter_map(|each| notification(each, known, shared))
            .collect(),
    }
}

fn notification(
    value: &Value,
    known: &[ReportingDescriptor],
    shared: &Shared<'_>,
) -> Option<Notification> {
    let id = value.get("descriptor").and_then(|descriptor| text(descriptor, "id"));
    let index = id.and_then(|id| known.iter().position(|each| each.id == id));
    Some(Notification {
        descriptor: index
            .and_then(|index| known.get(index))
            .map(|each| DescriptorReference { id: each.id.clone(), index }),
        locations: list(value, "locations")
            .iter()
            .take(1)
            .map(|place| location(place, shared))
            .filter(|place| place.physical_location.is_some())
            .collect(),
        message: message(value.get("message")?, &Value::Null, shared)
            .unwrap_or_else(|| Message::of("no message")),
        level: level(value).unwrap_or(Level::Warning),
    })
}

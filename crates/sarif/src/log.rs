use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    ArtifactLocation, ComponentReference, DescriptorReference, Level, Location, LogicalLocation,
    Message, MultiformatMessage, Outcome, ReportingDescriptor, Taxonomy,
};

/// Where the schema of a log is.
pub const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The version of the standard.
pub const VERSION: &str = "2.1.0";

/// A whole file (§3.13).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Log {
    /// [`SCHEMA`].
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    /// [`VERSION`].
    pub version: &'static str,
    /// What tools did. Hosts want one run per file.
    pub runs: Vec<Run>,
}

impl Log {
    /// A log with one run.
    #[must_use]
    pub fn of(run: Run) -> Self {
        Self::of_all(vec![run])
    }

    /// A log with several runs. Hosts refuse two of one tool and one category.
    #[must_use]
    pub const fn of_all(runs: Vec<Run>) -> Self {
        Self { schema: SCHEMA, version: VERSION, runs }
    }
}

/// One run of one tool (§3.14).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The tool with its rules.
    pub tool: Tool,
    /// What the run is part of; the upload category of code scanning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automation_details: Option<AutomationDetails>,
    /// How the run went.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invocations: Vec<Invocation>,
    /// The language of all messages, such as `en-US`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What columns count.
    pub column_kind: ColumnKind,
    /// The roots that files are relative to.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub original_uri_base_ids: BTreeMap<String, ArtifactLocation>,
    /// The objects that results stand in, which point here by their place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<LogicalLocation>,
    /// The classifications that rules point into.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxonomies: Vec<Taxonomy>,
    /// What was found; written even when empty, as the standard and the hosts want it.
    pub results: Vec<Outcome>,
}

/// The tool (§3.18).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tool {
    /// The program itself.
    pub driver: ToolComponent,
}

/// A program with its rules (§3.19).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolComponent {
    /// The short name.
    pub name: String,
    /// The name with all that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_description: Option<MultiformatMessage>,
    /// The version as the tool says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The version by the rules of semver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semantic_version: Option<String>,
    /// Where to read about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_uri: Option<String>,
    /// Every rule, whether it found something or not; written even when empty.
    pub rules: Vec<ReportingDescriptor>,
    /// What notifications may be about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notifications: Vec<ReportingDescriptor>,
    /// The classifications that its rules point into.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supported_taxonomies: Vec<ComponentReference>,
}

/// What a run is part of (§3.17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AutomationDetails {
    /// Everything up to the last `/` is the category.
    pub id: String,
}

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ColumnKind {
    /// UTF-16 code units, as browsers and editors do.
    #[default]
    Utf16CodeUnits,
    /// Unicode code points.
    UnicodeCodePoints,
}

/// How a run went (§3.20).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    /// Whether the tool did its work. Findings are no failure.
    pub execution_successful: bool,
    /// The exit code of the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// What the exit code means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code_description: Option<String>,
    /// What happened on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_execution_notifications: Vec<Notification>,
}

/// Something that happened during a run (§3.58).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// One of the driver's notifications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub descriptor: Option<DescriptorReference>,
    /// The file it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// What happened.
    pub message: Message,
    /// How bad it is.
    pub level: Level,
}

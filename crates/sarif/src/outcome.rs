use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::{ArtifactLocation, Location, Region};

/// A `result` (§3.27); the name is taken in Rust.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The rule.
    pub rule_id: String,
    /// The rule's place in the driver's list.
    pub rule_index: usize,
    /// What the result means. Absent is a failure, which is what hosts want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// How bad it is.
    pub level: Level,
    /// How bad it is, from 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<f64>,
    /// What is wrong; hosts show the first sentence as the title.
    pub message: Message,
    /// Where; hosts use the first.
    pub locations: Vec<Location>,
    /// What tells the result apart when the file changes. Keys carry a version: `name/v1`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub partial_fingerprints: BTreeMap<String, String>,
    /// Other places, with ids that the message links to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Location>,
    /// How one gets there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_flows: Vec<CodeFlow>,
    /// Whether it was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_state: Option<BaselineState>,
    /// Why it does not count. Absent: not known; empty: it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressions: Option<Vec<Suppression>>,
    /// Mendings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fix>,
    /// What else is known, which the standard has no words for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<OutcomeProperties>,
}

/// What we add to a result (§3.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeProperties {
    /// Where it stands in the history of a repository.
    #[serde(flatten)]
    pub history: Option<OutcomeHistory>,
    /// The severity it would have elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowered_from: Option<Cow<'static, str>>,
    /// What lowers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowered_because: Option<Cow<'static, str>>,
    /// Who found it too, as `tool:id`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_found_by: Vec<String>,
    /// Words to filter by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A number from 0.0 to 10.0, as a string, which some tools write here and not at the rule.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<String>,
}

impl OutcomeProperties {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a result means (§3.27.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Something is wrong.
    Fail,
    /// Nothing is wrong.
    Pass,
    /// It could not be told.
    Open,
    /// Somebody must look.
    Review,
    /// Worth knowing.
    Informational,
    /// The rule does not apply.
    NotApplicable,
}

/// Whether a result was there before (§3.27.24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BaselineState {
    /// It was not.
    New,
    /// It was, just so.
    Unchanged,
    /// It was, a little different.
    Updated,
    /// It was, and is gone.
    Absent,
}

/// How one gets to a place (§3.36).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeFlow {
    /// The ways; at least one.
    pub thread_flows: Vec<ThreadFlow>,
}

/// One way (§3.37).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThreadFlow {
    /// The steps; at least one.
    pub locations: Vec<ThreadFlowLocation>,
}

/// One step (§3.38).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThreadFlowLocation {
    /// Where.
    pub location: Location,
}

/// Where a result stands in the history of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeHistory {
    /// The first commit that has it.
    pub commit: String,
    /// When that was committed, as in RFC 3339.
    pub commit_date: String,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// In how many versions of the file it stands.
    pub versions: usize,
    /// Whether it is still there.
    pub in_head: bool,
    /// In which other file it is still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_path: Option<String>,
}

/// How bad something is (§3.27.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// A serious problem.
    Error,
    /// A problem.
    #[default]
    Warning,
    /// A minor problem or a chance to do better.
    Note,
    /// Severity has no meaning here.
    None,
}

/// Text for people (§3.11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Plain text; `[text](1)` links to the related location with that id.
    pub text: String,
}

impl Message {
    /// A message of this text, links included.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// Text of a file (§3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ArtifactContent {
    /// The text.
    pub text: String,
}

impl ArtifactContent {
    /// Content of this text.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// Why a result does not count (§3.35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// Where the suppression stands.
    pub kind: SuppressionKind,
    /// Whether it holds.
    pub status: SuppressionStatus,
    /// The reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
}

/// Where a suppression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SuppressionKind {
    /// In the file.
    InSource,
    /// Elsewhere.
    External,
}

/// Whether a suppression holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SuppressionStatus {
    /// It holds.
    Accepted,
    /// Somebody must decide.
    UnderReview,
    /// It does not hold.
    Rejected,
}

/// A mending (§3.55).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What it does.
    pub description: Message,
    /// The changes by file; at least one.
    pub artifact_changes: Vec<ArtifactChange>,
}

/// The changes of one file (§3.56).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactChange {
    /// The file.
    pub artifact_location: ArtifactLocation,
    /// The changes; at least one.
    pub replacements: Vec<Replacement>,
}

/// One change (§3.57).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    /// What goes; of no length for an insertion.
    pub deleted_region: Region,
    /// What comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inserted_content: Option<ArtifactContent>,
}

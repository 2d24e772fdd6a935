use serde::Serialize;

use crate::{ArtifactContent, Message, MultiformatMessage};

/// Where a result stands (§3.28).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Number within the result, for links in messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// The file and the place in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_location: Option<PhysicalLocation>,
    /// The object it stands in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<LogicalLocation>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

/// A file and a place in it (§3.29).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhysicalLocation {
    /// The file.
    pub artifact_location: ArtifactLocation,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// More of the file around the place: a proper superset of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_region: Option<Region>,
}

/// A file (§3.4), or the root that files are relative to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactLocation {
    /// A URI reference; see [`artifact_uri`](crate::artifact_uri).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The name of the root `uri` is relative to. Must be absent if `uri` is absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_base_id: Option<String>,
    /// What the location means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<MultiformatMessage>,
}

/// A span of a text file (§3.30). Lines and columns count from 1; `end_column` is exclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// First line.
    pub start_line: u32,
    /// First column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    /// Last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// One past the last column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// The text of the region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<ArtifactContent>,
}

/// An object inside a file (§3.33).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogicalLocation {
    /// Its place in the run's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The place of what holds it, in the run's list. Only in that list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_index: Option<usize>,
    /// The object's own name; never empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name with everything it needs to be unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fully_qualified_name: Option<String>,
    /// What it is, such as `resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

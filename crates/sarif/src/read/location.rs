//! Places.

use serde_json::Value;

use super::outcome::message;
use super::run::Shared;
use super::value::{counted, index, list, text, words};
use crate::{
    ArtifactContent, ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region,
};

/// Objects of a place.
const MAX_OBJECTS: usize = 10;

pub(super) fn location(value: &Value, shared: &Shared<'_>) -> Location {
    let objects = list(value, "logicalLocations").iter().take(MAX_OBJECTS);
    Location {
        id: counted(value, "id"),
        physical_location: value.get("physicalLocation").and_then(|place| physical(place, shared)),
        logical_locations: objects.filter_map(|object| logical(object, shared)).collect(),
        message: value.get("message").and_then(|text| message(text, &Value::Null, shared)),
    }
}

fn physical(value: &Value, shared: &Shared<'_>) -> Option<PhysicalLocation> {
    Some(PhysicalLocation {
        artifact_location: artifact(value.get("artifactLocation")?, shared)?,
        region: value.get("region").and_then(region),
        context_region: value.get("contextRegion").and_then(region),
    })
}

/// A file, also one that is only named by its place in the run's list.
pub(super) fn artifact(value: &Value, shared: &Shared<'_>) -> Option<ArtifactLocation> {
    let listed = index(value, "index").and_then(|index| shared.artifacts.get(index));
    let named = words(value, "uri").map(|uri| (uri, value));
    let (uri, base) = named.or_else(|| {
        let location = listed?.get("location")?;
        Some((words(location, "uri")?, location))
    })?;
    Some(ArtifactLocation {
        uri: Some(uri),
        uri_base_id: words(base, "uriBaseId"),
        description: None,
    })
}

/// A region by lines; offsets need the file. Ends that lie before the start are not believed.
pub(super) fn region(value: &Value) -> Option<Region> {
    let start_line = counted(value, "startLine")?;
    let end_line = counted(value, "endLine").filter(|&line| line >= start_line);
    let one_line = end_line.unwrap_or(start_line) == start_line;
    let start_column = counted(value, "startColumn");
    let end_column = counted(value, "endColumn")
        .filter(|&column| !one_line || column >= start_column.unwrap_or(1));
    let snippet = value.get("snippet").and_then(|snippet| text(snippet, "text"));
    // Without an end the region goes to the end of its line, which is not known here.
    Some(Region {
        start_line,
        start_column,
        end_line,
        end_column,
        snippet: snippet.filter(|text| !text.is_empty()).map(ArtifactContent::of),
    })
}

fn logical(value: &Value, shared: &Shared<'_>) -> Option<LogicalLocation> {
    let listed = index(value, "index").and_then(|index| shared.objects.get(index));
    let words = |key: &str| words(value, key).or_else(|| words(listed?, key));
    let object = LogicalLocation {
        name: words("name"),
        fully_qualified_name: words("fullyQualifiedName"),
        kind: words("kind"),
        ..LogicalLocation::default()
    };
    (object.name.is_some() || object.fully_qualified_name.is_some()).then_some(object)
}

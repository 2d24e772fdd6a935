//! Where findings stand, with the lines that stand there.

use careen_rule::{Region as JudgedRegion, Snippet};
use careen_sarif::{ArtifactContent, PhysicalLocation, Region};

use super::artifact;

/// Bytes of a snippet worth sending.
pub(super) const MAX_SNIPPET: usize = 4_096;

pub(super) fn physical(path: &str, judged: JudgedRegion, snippet: &Snippet) -> PhysicalLocation {
    let mut region = region(judged);
    region.snippet = snippet
        .text
        .get(snippet.start..snippet.end)
        .filter(|text| !text.is_empty() && text.len() <= MAX_SNIPPET)
        .map(ArtifactContent::of);
    let context_region = context(&region, snippet);
    PhysicalLocation { artifact_location: artifact(path), region: Some(region), context_region }
}

/// A region a host accepts, whatever was judged: counted from 1, its end not before its start.
pub(super) fn region(judged: JudgedRegion) -> Region {
    let start_line = judged.start.line.max(1);
    let start_column = judged.start.utf16.max(1);
    let end_line = judged.end.line.max(start_line);
    let least = if end_line == start_line { start_column } else { 1 };
    Region {
        start_line,
        start_column: Some(start_column),
        end_line: Some(end_line),
        end_column: Some(judged.end.utf16.max(least)),
        snippet: None,
    }
}

/// The whole lines around a region, if they are at hand and hold all of it.
fn context(region: &Region, snippet: &Snippet) -> Option<Region> {
    let text = &snippet.text;
    if text.trim().is_empty() || text.len() > MAX_SNIPPET {
        return None;
    }
    let breaks = u32::try_from(text.matches('\n').count()).ok()?;
    let first = snippet.first_line;
    let last = first.checked_add(breaks)?;
    let holds = first >= 1 && first <= region.start_line && region.end_line? <= last;
    holds.then(|| Region {
        start_line: first,
        start_column: None,
        end_line: Some(last),
        end_column: None,
        snippet: Some(ArtifactContent::of(text.clone())),
    })
}

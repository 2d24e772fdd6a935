//! Helm 3 keeps a release, its values and its manifests as JSON in gzip in base64 in a Secret.

use careen_model::parse;
use careen_text::{Derived, Source, Span};
use careen_yaml::{Limits, Node};

use super::cut;
use crate::context::Context;
use crate::decode::{Budget, unwrapped};
use crate::hit::Hit;
use crate::inside;

/// Finds of one release whose places are looked up.
const MOST: usize = 100;
/// Nodes of a release that are looked at for that.
const MOST_NODES: usize = 200_000;
/// The longest path that is shown, in bytes.
const LONGEST: usize = 120;

/// The find that says most about a packed release, with its place in the release. All of them
/// stand in the one payload.
pub(super) fn read(
    payload: &Derived,
    whole: Span,
    context: Context,
    budget: &mut Budget<'_>,
) -> Option<Hit> {
    let release = unwrapped(payload, budget)?;
    let text = release.text()?;
    if !budget.enter(0) {
        return None;
    }
    let file = parse(Source::new("release.json", text), "release.json");
    let inner = Context { fixture: context.fixture, ..Context::of(&file, context.now) };
    let hits = inside::read(&file, inner, budget);
    budget.leave();
    let tree = careen_yaml::parse(&file.source, &Limits::default());
    let root = tree.documents().next()?.root()?;
    let name = root.get("name").and_then(|name| name.text()).unwrap_or_default();
    let mut found: Vec<(Hit, String)> = hits
        .into_iter()
        .take(MOST)
        .filter_map(|hit| {
            let path = path(root, hit.secret);
            // Templates and their comments are full of names.
            (is_in_values(&path) || !hit.is_by_name()).then_some((hit, path))
        })
        .collect();
    found.sort_by_key(|(hit, path)| {
        (std::cmp::Reverse((hit.rank, hit.confidence)), !is_in_values(path))
    });
    let more = found.len().saturating_sub(1);
    let (mut hit, path) = found.into_iter().next()?;
    hit.locate(&format!(" in the packed Helm release `{}`{}", cut(name), place(&path)));
    match more {
        0 => {}
        1 => hit.message.push_str(", and 1 more secret in it"),
        more => hit.message.push_str(&format!(", and {more} more secrets in it")),
    }
    (hit.span, hit.secret, hit.value) = (whole, whole, None);
    Some(hit)
}

fn is_in_values(path: &str) -> bool {
    ["config.", "chart.values.", "manifest"].iter().any(|start| path.starts_with(start))
}

/// The part of the release, for a message.
fn place(path: &str) -> String {
    let mut path = path;
    let part = ["config.", "chart.values."].iter().find_map(|start| path.strip_prefix(start));
    if let Some(keys) = part {
        path = keys;
    }
    let mut end = path.len().min(LONGEST);
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    let shown = path.get(..end).unwrap_or_default();
    match part {
        Some(_) => format!(" (values: `{shown}`)"),
        None if path.starts_with("manifest") => " (manifest)".to_owned(),
        None if shown.is_empty() => String::new(),
        None => format!(" (`{shown}`)"),
    }
}

/// The keys that lead to the scalar that holds a span.
fn path(root: Node<'_>, span: Span) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for visit in root.walk().take(MOST_NODES) {
        keys.truncate(visit.depth.saturating_sub(1));
        if let Some(key) = visit.key.and_then(|key| key.text()) {
            keys.push(key);
        } else if visit.depth > 0 {
            keys.push("");
        }
        if visit.node.kind() == careen_yaml::Kind::Scalar
            && visit.node.definition_span().encloses(span)
        {
            let named = keys.iter().filter(|key| !key.is_empty());
            return named.copied().collect::<Vec<_>>().join(".");
        }
    }
    String::new()
}

//! Findings that do not hold because their object is a part of another.
//!
//! Files are linted before all of them are read, so that only then is known what a Kustomization
//! somewhere names as a patch.

use std::collections::HashMap;
use std::sync::Arc;

use careen_model::Snapshot;
use careen_rule::{Finding, Meta};
use careen_text::{Source, Span};

/// Drops the findings about fragments of rules that need the whole object.
pub(crate) fn drop_from_fragments(
    snapshot: &Snapshot,
    findings: &mut Vec<Finding>,
    needs_whole: impl Fn(&'static Meta) -> bool,
) {
    let fragments = fragments(snapshot);
    if fragments.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let place = &finding.location;
        let is_part = fragments.get(&Arc::as_ptr(&place.source)).is_some_and(|spans| {
            let after = spans.partition_point(|span| span.start <= place.span.start);
            let last = after.checked_sub(1).and_then(|at| spans.get(at));
            last.is_some_and(|span| span.encloses(place.span))
        });
        // A finding that names a secret keeps it masked.
        !is_part || !finding.secrets.is_empty() || !needs_whole(finding.rule)
    });
}

/// Where fragments stand, in order, by file.
fn fragments(snapshot: &Snapshot) -> HashMap<*const Source, Vec<Span>> {
    let mut fragments: HashMap<*const Source, Vec<Span>> = HashMap::new();
    for object in snapshot.objects().filter(|object| object.view.is_fragment()) {
        let spans = fragments.entry(Arc::as_ptr(object.source())).or_default();
        spans.push(object.view.root().definition_span());
    }
    for spans in fragments.values_mut() {
        spans.sort_unstable_by_key(|span| (span.start, span.end));
    }
    fragments
}

//! Findings that do not hold because of what a Kustomization says: their object is a part of
//! another, their image is replaced.
//!
//! Files are linted before all of them are read, so that only then is known what a Kustomization
//! somewhere names as a patch or replaces.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use careen_model::{ImageHolder, NamedImage, Snapshot, named_images};
use careen_rule::{Finding, Meta};
use careen_text::{Source, Span};

/// Drops the findings about fragments of rules that need the whole object.
pub(crate) fn drop_from_fragments(
    snapshot: &Snapshot,
    findings: &mut Vec<Finding>,
    needs_whole: impl Fn(&'static Meta) -> bool,
) {
    let fragments = fragments(snapshot);
    if !fragments.is_empty() {
        // A finding that names a secret keeps it masked.
        findings.retain(|finding| {
            !is_in(&fragments, finding) || !finding.secrets.is_empty() || !needs_whole(finding.rule)
        });
    }
}

/// Drops the findings about images of containers in whose place a Kustomization puts another
/// version.
pub(crate) fn drop_of_replaced(
    snapshot: &Snapshot,
    findings: &mut Vec<Finding>,
    judges_reference: impl Fn(&'static Meta) -> bool,
) {
    let replaced = replaced(snapshot);
    if !replaced.is_empty() {
        findings.retain(|finding| !is_in(&replaced, finding) || !judges_reference(finding.rule));
    }
}

/// Spans of a kind, in order, by file.
type Spans = HashMap<*const Source, Vec<Span>>;

/// Whether a finding stands in one of the spans.
fn is_in(spans: &Spans, finding: &Finding) -> bool {
    let place = &finding.location;
    spans.get(&Arc::as_ptr(&place.source)).is_some_and(|spans| {
        let after = spans.partition_point(|span| span.start <= place.span.start);
        let last = after.checked_sub(1).and_then(|at| spans.get(at));
        last.is_some_and(|span| span.encloses(place.span))
    })
}

/// Where the images of containers stand that a Kustomization replaces with a tag or a digest.
fn replaced(snapshot: &Snapshot) -> Spans {
    let mut names = BTreeSet::new();
    let is_kustomized = |view: careen_kube_model::ObjectView<'_>| view.object.is_kustomize();
    for file in snapshot.files().iter().filter(|file| file.views().any(is_kustomized)) {
        for image in named_images(file) {
            let says_which = image
                .reference
                .as_ref()
                .is_ok_and(|image| image.tag().is_some() || image.digest().is_some());
            if let ImageHolder::Kustomization(name) = image.holder
                && says_which
            {
                names.insert(name.to_owned());
            }
        }
    }
    let mut spans = Spans::new();
    if names.is_empty() {
        return spans;
    }
    let is_replaced = |image: &NamedImage<'_>| {
        matches!(image.holder, ImageHolder::Container(_)) && names.contains(name_of(&image.text))
    };
    for file in snapshot.files().iter().filter(|file| !file.objects.is_empty()) {
        for image in named_images(file).iter().filter(|image| is_replaced(image)) {
            spans.entry(Arc::as_ptr(&file.source)).or_default().push(image.span());
        }
    }
    sort(&mut spans);
    spans
}

/// The name of an image as Kustomize compares it: without tag and digest.
fn name_of(image: &str) -> &str {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    }
}

fn sort(spans: &mut Spans) {
    for spans in spans.values_mut() {
        spans.sort_unstable_by_key(|span| (span.start, span.end));
    }
}

/// Where fragments stand, in order, by file.
fn fragments(snapshot: &Snapshot) -> Spans {
    let mut fragments = Spans::new();
    for object in snapshot.objects().filter(|object| object.view.is_fragment()) {
        let spans = fragments.entry(Arc::as_ptr(object.source())).or_default();
        spans.push(object.view.root().definition_span());
    }
    sort(&mut fragments);
    fragments
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn names_end_before_tag_and_digest() {
        assert_eq!(name_of("web"), "web");
        assert_eq!(name_of("web:latest"), "web");
        assert_eq!(name_of("localhost:5000/web"), "localhost:5000/web");
        assert_eq!(name_of("localhost:5000/web:1@sha256:00"), "localhost:5000/web");
    }
}

//! Texts that stand inside of a file: read as the file they are, and what is found there brought
//! back to its place.

use careen_model::{File, parse};
use careen_rule::Identity;
use careen_text::{Derived, Origin, Source};

use crate::context::Context;
use crate::decode::{Budget, escaped_around};
use crate::hit::{Hit, join};
use crate::scan::scan;
use crate::{dockerfile, files, manifest, tree};

/// Reads a file: all that the text shows, and all that its structure adds.
pub(crate) fn read(file: &File, context: Context, budget: &mut Budget<'_>) -> Vec<Hit> {
    let text = file.source.text();
    let mut hits = Vec::new();
    // A file that Ansible encrypted as a whole.
    if text.starts_with("$ANSIBLE_VAULT;") {
        return hits;
    }
    let notes = scan(text, context, budget.anchors, &mut hits);
    escapes(text, &notes.escapes, context, budget, &mut hits);
    encoded(file, context, budget, &mut hits);
    files::refine(file, context, &mut hits);
    tree::refine(file, context, &notes, budget, &mut hits);
    if !file.objects.is_empty() {
        manifest::refine(file, context, budget, &mut hits);
    }
    if let Some(dockerfile) = &file.dockerfile {
        dockerfile::refine(dockerfile, context, budget.anchors, &mut hits);
    }
    manifest::add_keys(file, &mut hits);
    hits
}

/// What stands in `derived`, read as a file with that name.
pub(crate) fn read_inside(
    derived: &Derived,
    name: &str,
    context: Context,
    budget: &mut Budget<'_>,
) -> Vec<Hit> {
    let Some(text) = derived.text() else { return Vec::new() };
    if !budget.enter(text.len()) {
        return Vec::new();
    }
    let file = parse(Source::new(name, text), name);
    let context = Context { fixture: context.fixture, ..Context::of(&file, context.now) };
    let mut hits = read(&file, context, budget);
    budget.leave();
    hits.iter_mut().for_each(|hit| bring_back(hit, derived));
    hits
}

/// Turns spans of the inner text into those of the file.
pub(crate) fn bring_back(hit: &mut Hit, derived: &Derived) {
    // What the value is, is known here; outside of the encoding it is written in another way.
    let value = derived.text().and_then(|text| text.get(hit.secret.range()));
    hit.identity = hit.identity.or_else(|| value.map(Identity::of));
    hit.span = derived.resolve(hit.span);
    hit.secret = derived.resolve(hit.secret);
    hit.value = hit.value.map(|value| derived.resolve(value));
}

/// Reads around escapes, each text once.
fn escapes(
    text: &str,
    places: &[usize],
    context: Context,
    budget: &mut Budget<'_>,
    hits: &mut Vec<Hit>,
) {
    let mut places = places.to_vec();
    places.sort_unstable();
    let mut done = 0;
    let mut found = Vec::new();
    for at in places {
        if at < done {
            continue;
        }
        let Some(derived) = escaped_around(text, at) else { continue };
        let whole = derived.whole();
        done = whole.end as usize;
        if !budget.take(derived.bytes.len()) {
            break;
        }
        let mut inner = Vec::new();
        let _ = scan(derived.text().unwrap_or_default(), context, budget.anchors, &mut inner);
        inner.iter_mut().for_each(|hit| bring_back(hit, &derived));
        found.append(&mut inner);
    }
    join(found, hits);
}

/// Values that were found by their names and are base64 of something: what that is says more.
fn encoded(file: &File, context: Context, budget: &mut Budget<'_>, hits: &mut Vec<Hit>) {
    let text = file.source.text();
    let mut found = Vec::new();
    for hit in hits.iter().filter(|hit| hit.is_by_name()) {
        let value = text.get(hit.secret.range()).unwrap_or_default();
        let outer = Derived {
            bytes: value.as_bytes().to_vec(),
            origin: Origin::verbatim(hit.secret.start, hit.secret.len()),
        };
        found.append(&mut unpacked(&outer, "", context, budget));
    }
    join(found, hits);
}

/// What stands behind the encodings of a value, if it is encoded.
pub(crate) fn unpacked(
    outer: &Derived,
    name: &str,
    context: Context,
    budget: &mut Budget<'_>,
) -> Vec<Hit> {
    let Some(inner) = crate::decode::unwrapped(outer, budget) else { return Vec::new() };
    let whole = outer.whole();
    let mut hits = read_inside(&inner, name, context, budget);
    for hit in &mut hits {
        hit.value.get_or_insert(whole);
    }
    hits
}

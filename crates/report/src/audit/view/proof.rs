//! What a control rests on, in words.

use careen_audit_model::{EvidenceRecord, Place, Proof};
use careen_rule::Date;

use super::{Entry, Mark, Phrase, Tone};

/// Places of many things that are named.
const PLACES: usize = 3;

/// A proof, with where it can be looked at.
pub(in crate::audit) fn proof(proof: &Proof) -> Phrase<'_> {
    match proof {
        Proof::File { what, place } => Phrase::of(what).words(" at ").place(place),
        Proof::Files { what, count, places } => files(what, *count, places),
        Proof::Evidence { path, sha256, what } => {
            Phrase::of(what).words(", says ").name(path).words(" ").digest(sha256)
        }
        Proof::SignOff { path, by, role } => {
            Phrase::of(format!("signed off by {by} as {role}: ")).name(path)
        }
        Proof::Waiver { path, owner } => Phrase::of(format!("waived by {owner}: ")).name(path),
        Proof::Git { what, id } => Phrase::of(what).words(" ").digest(id),
        Proof::Cluster { path, what } => Phrase::of(what).words(", seen in ").name(path),
    }
}

fn files<'a>(what: &'a str, count: usize, places: &'a [Place]) -> Phrase<'a> {
    let mut phrase = Phrase::of(what);
    for (number, place) in places.iter().take(PLACES).enumerate() {
        phrase = phrase.words(if number == 0 { " at " } else { ", " }).place(place);
    }
    let named = places.len().min(PLACES);
    match count.saturating_sub(named) {
        more if more > 0 && named > 0 => phrase.words(format!(" and {more} more")),
        _ => phrase,
    }
}

/// A piece of evidence: what it is, of when and of what, what it says, and what rests on it.
pub(in crate::audit) fn record(record: &EvidenceRecord) -> Entry<'_> {
    let mark = if record.refused.is_some() {
        Mark::new("refused", Tone::Bad)
    } else if record.controls.is_empty() {
        Mark::new("unused", Tone::Quiet)
    } else {
        Mark::new("used", Tone::Good)
    };
    let says = Phrase::default().name(&record.path).words(" ").digest(&record.sha256);
    let mut lines = Vec::new();
    if let Some(refused) = &record.refused {
        lines.push(Phrase::of(refused));
    }
    let mut about = record.kind.clone();
    if let Some(tool) = &record.tool {
        about.push_str(&format!(" by {tool}"));
    }
    if let Some(at) = record.produced_at {
        about.push_str(&format!(", {}", Date(at)));
    }
    let mut about = Phrase::of(about);
    if let Some(commit) = &record.commit {
        about = about.words(", of commit ").digest(commit);
    }
    if let Some(tree) = &record.tree {
        about = about.words(", of content ").digest(tree);
    }
    if !record.says.is_empty() {
        about = about.words(": ").words(&record.says);
    }
    let mut details = vec![about];
    details.extend(answers(&record.controls));
    Entry { mark, says, lines, details }
}

/// `for a, b`.
fn answers(controls: &[String]) -> Option<Phrase<'_>> {
    let (first, rest) = controls.split_first()?;
    let first = Phrase::of("for ").name(first);
    Some(rest.iter().fold(first, |phrase, id| phrase.words(", ").name(id)))
}

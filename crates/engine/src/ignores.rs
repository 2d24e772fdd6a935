//! The list of what does not count, in the configuration: what it suppresses, and what of it holds
//! for nothing.

use std::collections::BTreeSet;

use careen_policy::IgnoreEntry;
use careen_repo::{Listing, Options};
use careen_rule::{Note, NoteKind, Report, Suppression, SuppressionKind};

use crate::{Engine, is_whole};

/// Entries that are told one by one.
const MOST_TOLD: usize = 50;

/// What a finding says that the list suppresses.
pub(crate) fn suppression(entry: &IgnoreEntry) -> Suppression {
    Suppression {
        kind: SuppressionKind::Configuration,
        reason: entry.reason.clone(),
        owner: entry.owner.clone(),
        source: None,
    }
}

impl Engine<'_> {
    /// Notes on entries that do not hold.
    pub(crate) fn lapsed_ignores(&self) -> Vec<Note> {
        let lapsed = |entry: &IgnoreEntry| {
            let names = &entry.names;
            if let Some(lacking) = &entry.lacking {
                return Some(note(
                    entry,
                    format!(
                        "what it ignores of {names} lacks {lacking}, so it does not hold: add it"
                    ),
                ));
            }
            let days = entry.days_expired(self.context.now)?;
            let (_, date) = entry.expires.as_ref()?;
            let ago = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            let message = format!(
                "what it ignores of {names} expired on {date}, {ago} ago: mend the findings or \
                 renew it"
            );
            Some(note(entry, message))
        };
        told(self.selection.ignores().entries().iter().filter_map(lapsed), "do not hold")
    }

    /// Notes on entries that held for nothing, if all was looked at that they could hold for.
    pub(crate) fn unused_ignores(
        &self,
        options: &Options,
        listing: &Listing,
        report: &Report,
        used: &BTreeSet<usize>,
    ) -> Vec<Note> {
        let ignores = self.selection.ignores();
        let known = is_whole(options) && listing.covers_base(options) && report.is_complete();
        if ignores.entries().is_empty() || !known {
            return Vec::new();
        }
        let rules = report.rules.iter().filter(|rule| self.selection.is_enabled(rule));
        let enabled: BTreeSet<_> = rules.map(|rule| rule.id).collect();
        let entries = ignores.entries().iter().enumerate();
        let unused = entries.filter(|(at, entry)| {
            !used.contains(at)
                && entry.holds(self.context.now)
                && entry.is_tried(self.selection, &enabled)
        });
        let message = |(_, entry): (usize, &IgnoreEntry)| {
            let message = format!("what it ignores of {} is not found: take it out", entry.names);
            note(entry, message)
        };
        told(unused.map(message), "cover nothing")
    }
}

/// The first few notes, and how many more there are.
fn told(notes: impl Iterator<Item = Note>, what: &str) -> Vec<Note> {
    let mut all: Vec<Note> = notes.collect();
    if let Some(more) = all.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        all.truncate(MOST_TOLD);
        let path = all.first().and_then(|note| note.path.clone()).unwrap_or_default();
        let message = format!("{more} more items of `ignore` {what}");
        all.push(Note::about(NoteKind::Suppression, path, message));
    }
    all
}

fn note(entry: &IgnoreEntry, message: String) -> Note {
    let note = Note::about(NoteKind::Suppression, entry.place.path(), message);
    note.at_line(entry.place.position().line)
}

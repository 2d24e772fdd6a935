//! The baseline's side of a run: what could go into it, and which of its entries are stale.

use std::collections::BTreeSet;

use careen_ledger::{Entry, Place};
use careen_repo::{Listing, Options};
use careen_rule::{Note, NoteKind, Report};

use crate::judge::Wanted;
use crate::pass::Overlay;
use crate::{Engine, is_whole};

/// Stale entries that are told one by one.
const MOST_TOLD: usize = 50;

/// A run, with what a baseline needs of it.
#[derive(Debug)]
pub struct Recorded {
    /// The report.
    pub report: Report,
    /// Every place of a finding that counts, or that counts no more because the baseline holds it.
    pub places: Vec<Place>,
    /// The baseline's entries that match nothing any more. Of files that were not looked at and of
    /// rules that did not run, nothing is known.
    pub stale: BTreeSet<usize>,
}

impl Engine<'_> {
    /// Checks as [`Engine::check`] does, and tells what a baseline could hold.
    ///
    /// # Errors
    ///
    /// As [`Engine::check`].
    pub fn record(&self, options: &Options) -> Result<Recorded, careen_repo::Error> {
        self.record_of(options, true)
    }

    pub(crate) fn record_of(
        &self,
        options: &Options,
        places: bool,
    ) -> Result<Recorded, careen_repo::Error> {
        let listing = self.listing(options)?;
        let reader = careen_repo::open(&listing);
        let pass = self.in_pool(|| self.pass_over(&listing.entries, &reader, &Overlay::new()));
        let wanted = Wanted { whole: is_whole(options), fixes: None, places };
        let verdict = self.in_pool(|| self.judge(pass, listing.notes.clone(), wanted));
        let mut report = verdict.report;
        let mut notes = self.stale_notes(options, &listing, &verdict.used);
        notes.extend(self.unused_ignores(options, &listing, &report, &verdict.ignored));
        if !notes.is_empty() {
            report.notes.extend(notes);
            report.notes.sort();
        }
        let stale = self.stale(options, &listing, &verdict.used);
        Ok(Recorded { report, places: verdict.places, stale })
    }

    /// Notes on the entries of the baseline that match nothing.
    pub(crate) fn stale_notes(
        &self,
        options: &Options,
        listing: &Listing,
        used: &BTreeSet<usize>,
    ) -> Vec<Note> {
        let stale = self.stale(options, listing, used);
        let Some(baseline) = &self.ledger.baseline else { return Vec::new() };
        let entry = |at: &usize| baseline.entries().get(*at);
        let mut notes: Vec<Note> = stale
            .iter()
            .filter_map(entry)
            .take(MOST_TOLD)
            .map(|it| stale_note(it, &baseline.name))
            .collect();
        if let Some(more) = stale.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
            let message = format!("{more} more entries match nothing");
            notes.push(Note::about(NoteKind::Suppression, &*baseline.name, message));
        }
        notes
    }

    fn stale(
        &self,
        options: &Options,
        listing: &Listing,
        used: &BTreeSet<usize>,
    ) -> BTreeSet<usize> {
        let Some(baseline) = &self.ledger.baseline else { return BTreeSet::new() };
        if !is_whole(options) {
            return BTreeSet::new();
        }
        let rules = self.rules();
        let ran = |entry: &Entry| match rules.iter().find(|rule| rule.is_called(&entry.rule)) {
            Some(rule) => self.selection.of_path(&entry.path).is_enabled(rule),
            // A rule that is gone finds nothing any more.
            None => true,
        };
        // A file that is gone is not among those that were read; that it is gone is only known if
        // everything was looked at.
        let everything = listing.covers_base(options);
        let read = |path: &str| {
            listing.entries.binary_search_by(|entry| entry.path.as_ref().cmp(path)).is_ok()
        };
        let entries = baseline.entries().iter().enumerate();
        entries
            .filter(|(at, entry)| {
                !used.contains(at) && ran(entry) && (everything || read(&entry.path))
            })
            .map(|(at, _)| at)
            .collect()
    }
}

fn stale_note(entry: &Entry, name: &str) -> Note {
    let object = entry.object.as_ref().map_or_else(String::new, |it| format!(" in `{it}`"));
    let message = format!(
        "its entry for `{}` of `{}`{object} matches nothing any more: `careen baseline prune` \
         takes it out",
        entry.path, entry.rule
    );
    Note::about(NoteKind::Suppression, name, message)
}

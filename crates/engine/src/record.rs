//! The baseline's side of a run: what could go into it, and which of its entries are stale.

use std::collections::BTreeSet;

use careen_ledger::{Baseline, Entry, Place, Used};
use careen_repo::{Listing, Options};
use careen_rule::{Note, NoteKind, Report};

use crate::judge::Wanted;
use crate::pass::Overlay;
use crate::{Engine, is_whole, knows_all};

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
    /// The entries that hold for one of the places.
    pub used: BTreeSet<usize>,
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
        let pass = self.in_pool(|| {
            self.pass_over(&listing.entries, &reader, &Overlay::new(), knows_all(options))
        });
        let wanted =
            Wanted { listing: Some(&listing), whole: is_whole(options), fixes: None, places };
        let verdict = self.in_pool(|| self.judge(pass, listing.notes.clone(), wanted));
        let mut report = verdict.report;
        let mut notes = self.baseline_notes(options, &listing, &verdict.used);
        notes.extend(self.unused_ignores(options, &listing, &report, &verdict.ignored));
        if !notes.is_empty() {
            report.notes.extend(notes);
            report.notes.sort();
        }
        let stale = self.stale(options, &listing, &verdict.used);
        let used = verdict.used.baseline.into_keys().collect();
        Ok(Recorded { report, places: verdict.places, stale, used })
    }

    /// What was found in another state of the files, as a baseline of that name: what to hold against
    /// today. Of the notes only those are told that say that something is missing.
    ///
    /// # Errors
    ///
    /// As [`Engine::check`].
    pub fn remember(
        &self,
        options: &Options,
        name: &str,
    ) -> Result<(Baseline, Vec<Note>), careen_repo::Error> {
        let recorded = self.record_of(options, true)?;
        let notes = recorded.report.notes.into_iter().filter(|note| note.incomplete);
        let told = |note: Note| Note { message: format!("{name}: {}", note.message), ..note };
        Ok((Baseline::of(name, &recorded.places), notes.map(told).collect()))
    }

    /// Notes on the entries of the baseline that match nothing, and on those that hold no more.
    pub(crate) fn baseline_notes(
        &self,
        options: &Options,
        listing: &Listing,
        used: &Used,
    ) -> Vec<Note> {
        let Some(baseline) = &self.ledger.baseline else { return Vec::new() };
        let stale = self.stale(options, listing, used);
        let now = self.context.now;
        let entry = |at: &usize| baseline.entries().get(*at);
        let over = used.baseline.keys().filter_map(entry).filter(|entry| entry.is_over(now));
        let mut notes = told(over.map(|it| over_note(it, &baseline.name)), |more| {
            format!("{more} more entries are over")
        });
        let stale = stale.iter().filter_map(entry).map(|it| stale_note(it, &baseline.name));
        notes.extend(told(stale, |more| format!("{more} more entries match nothing")));
        for note in notes.iter_mut().filter(|note| note.path.is_none()) {
            note.path = Some((*baseline.name).to_owned());
        }
        notes
    }

    fn stale(&self, options: &Options, listing: &Listing, used: &Used) -> BTreeSet<usize> {
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
        let entries = baseline.entries().iter().enumerate();
        entries
            .filter(|(at, entry)| {
                !used.baseline.contains_key(at)
                    && ran(entry)
                    && (everything || listing.lists(&entry.path))
            })
            .map(|(at, _)| at)
            .collect()
    }
}

/// The first of some notes, and how many there are besides.
fn told(notes: impl Iterator<Item = Note>, rest: impl Fn(usize) -> String) -> Vec<Note> {
    let mut notes: Vec<Note> = notes.collect();
    if let Some(more) = notes.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        notes.truncate(MOST_TOLD);
        notes.push(Note::general(NoteKind::Suppression, rest(more)));
    }
    notes
}

fn stale_note(entry: &Entry, name: &str) -> Note {
    let message = format!(
        "its entry for {} matches nothing any more: `careen baseline prune` takes it out",
        shown(entry)
    );
    Note::about(NoteKind::Suppression, name, message)
}

fn over_note(entry: &Entry, name: &str) -> Note {
    let day = entry.expires.as_ref().map(ToString::to_string).unwrap_or_default();
    let owner = entry.owner.as_ref().map_or_else(String::new, |owner| format!(" ({owner})"));
    let message = format!(
        "its entry for {}{owner} expired on {day}: mend the finding, or renew it with `careen \
         baseline update --expires DAY`",
        shown(entry)
    );
    Note::about(NoteKind::Suppression, name, message)
}

fn shown(entry: &Entry) -> String {
    let object = entry.object.as_ref().map_or_else(String::new, |it| format!(" in `{it}`"));
    format!("`{}` of `{}`{object}", entry.path, entry.rule)
}

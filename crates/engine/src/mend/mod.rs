//! Fixes: applied to texts in memory, round by round, until nothing is left to fix.
//!
//! Two fixes may want to write at the same place, such as a `securityContext` that two rules miss.
//! Only those that do not touch are applied at once; then the new texts are checked as if they
//! were the files, and what is still found is fixed in the next round.

mod change;
mod draft;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use careen_model::{File, parse};
use careen_repo::{Listing, WriteError};
use careen_rule::{Edit, Finding, Note, NoteKind, Report, Safety};
use careen_text::{Encoding, Source};
use careen_yaml::ProblemKind;

use crate::Engine;
use crate::judge::{Masks, Wanted};
use crate::pass::Overlay;
use crate::suppress::Removal;
use crate::{is_whole, knows_all};

pub use change::{Change, Hunk, Line, Sign};
use draft::Draft;

/// Rounds after which what is left stays; two to four are usual.
const ROUNDS: usize = 10;

/// A fix that a finding offers, or one that takes a suppression away.
pub(crate) struct Proposal {
    source: Arc<Source>,
    edits: Vec<Edit>,
    /// What the same fix has in the next round.
    fingerprint: String,
    /// Whether it takes a suppression away.
    is_removal: bool,
}

impl Proposal {
    /// The fix of a finding, if it goes no further than wanted.
    pub(crate) fn of(finding: &Finding, up_to: Safety) -> Option<Self> {
        let fix = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
        let wanted = fix.safety == Safety::Safe || up_to == Safety::Unsafe;
        wanted.then(|| Self {
            source: Arc::clone(&finding.location.source),
            edits: fix.edits.clone(),
            fingerprint: finding.fingerprint(),
            is_removal: false,
        })
    }

    /// The removal of a suppression.
    pub(crate) fn removal(source: &Arc<Source>, removal: Removal) -> Self {
        Self {
            source: Arc::clone(source),
            edits: removal.edits,
            fingerprint: format!("suppression of {}", removal.name),
            is_removal: true,
        }
    }
}

/// What fixing came to. No file is written yet.
#[derive(Debug)]
pub struct Mended {
    /// What is found in the fixed texts.
    pub report: Report,
    /// The files that change, by path.
    pub changes: Vec<Change>,
    listing: Listing,
}

impl Mended {
    /// Findings that were fixed.
    #[must_use]
    pub fn fixed(&self) -> usize {
        self.changes.iter().map(|change| change.findings).sum()
    }

    /// Suppressions that were taken away.
    #[must_use]
    pub fn removed(&self) -> usize {
        self.changes.iter().map(|change| change.suppressions).sum()
    }

    /// Writes the files. Those that cannot be written are as they were, and told with the reason.
    #[must_use]
    pub fn write(&self) -> Vec<(&Change, WriteError)> {
        let write = |change: &Change| {
            let entry = self.listing.entries.get(change.entry).ok_or(WriteError::NotAFile)?;
            let old = change.before.text().as_bytes();
            self.listing.replace(entry, old, change.after.as_bytes())
        };
        self.changes
            .iter()
            .filter_map(|change| write(change).err().map(|error| (change, error)))
            .collect()
    }
}

impl Engine<'_> {
    /// Checks what the options name, fixes what can be fixed in copies of the texts, and reports
    /// what is left. [`Mended::write`] then changes the files.
    ///
    /// Suppressed findings are not fixed, nor is code of others or what a program made.
    ///
    /// # Errors
    ///
    /// As [`Engine::check`].
    pub fn mend(
        &self,
        options: &careen_repo::Options,
        up_to: Safety,
    ) -> Result<Mended, careen_repo::Error> {
        let listing = self.listing(options)?;
        let mut workshop = Workshop::new(&listing);
        let mut first_masks = None;
        let mut rounds = 0;
        loop {
            let reader = careen_repo::open(&listing);
            let pass = self.in_pool(|| {
                self.pass_over(&listing.entries, &reader, &workshop.overlay, knows_all(options))
            });
            let verdict = self.in_pool(|| {
                let whole = is_whole(options);
                let (seen, fixes) = (Some(&listing), Some(up_to));
                let wanted = Wanted { listing: seen, whole, fixes, places: false };
                self.judge(pass, listing.notes.clone(), wanted)
            });
            let masks = first_masks.get_or_insert_with(|| verdict.masks.clone());
            if rounds < ROUNDS && workshop.apply(verdict.proposals) {
                rounds += 1;
                continue;
            }
            let changes = workshop.finish(masks, &verdict.masks);
            let mut report = verdict.report;
            let unused = self.unused_ignores(options, &listing, &report, &verdict.ignored);
            report.notes.extend(unused);
            report.notes.extend(self.baseline_notes(options, &listing, &verdict.used));
            report.notes.extend(workshop.notes);
            report.notes.sort();
            report.notes.dedup();
            return Ok(Mended { report, changes, listing });
        }
    }
}

/// The texts that are being worked on.
struct Workshop {
    /// Index of the entry and path below the root, of each file that may be changed.
    files: HashMap<Arc<str>, (usize, Box<str>)>,
    drafts: BTreeMap<Arc<str>, Draft>,
    overlay: Overlay,
    /// How often a finding may still be fixed: a fix that does not help is not tried again.
    budgets: HashMap<(Arc<str>, String), usize>,
    notes: Vec<Note>,
}

impl Workshop {
    fn new(listing: &Listing) -> Self {
        let mut files = HashMap::new();
        for (index, entry) in listing.entries.iter().enumerate().filter(|(_, it)| it.is_file()) {
            files.insert(Arc::clone(&entry.path), (index, Box::from(entry.within())));
        }
        // Standard input may bear the name of a file; then it is not sure whose text a fix is for.
        for entry in listing.entries.iter().filter(|entry| !entry.is_file()) {
            files.remove(&entry.path);
        }
        Self {
            files,
            drafts: BTreeMap::new(),
            overlay: Overlay::new(),
            budgets: HashMap::new(),
            notes: Vec::new(),
        }
    }

    /// Applies what can be applied at once; tells whether anything was.
    fn apply(&mut self, proposals: Vec<Proposal>) -> bool {
        let mut by_path: BTreeMap<Arc<str>, Vec<Proposal>> = BTreeMap::new();
        for proposal in proposals {
            by_path.entry(proposal.source.shared_path()).or_default().push(proposal);
        }
        let mut changed = false;
        for (path, proposals) in by_path {
            changed |= self.apply_to(&path, &proposals);
        }
        changed
    }

    fn apply_to(&mut self, path: &Arc<str>, proposals: &[Proposal]) -> bool {
        let Some((entry, within)) = self.files.get(path) else { return false };
        let Some(source) = proposals.first().map(|first| Arc::clone(&first.source)) else {
            return false;
        };
        if source.encoding() != Encoding::Utf8 {
            let message = "is not UTF-8, so its findings were not fixed: convert it first";
            self.notes.push(Note::about(NoteKind::Information, &**path, message));
            self.files.remove(path);
            return false;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for proposal in proposals {
            *counts.entry(&proposal.fingerprint).or_default() += 1;
        }
        for (fingerprint, count) in counts {
            self.budgets.entry((Arc::clone(path), fingerprint.to_owned())).or_insert(count);
        }
        let mut chosen = Chosen::default();
        for proposal in proposals {
            let key = (Arc::clone(path), proposal.fingerprint.clone());
            let Some(budget) = self.budgets.get_mut(&key).filter(|budget| **budget > 0) else {
                continue;
            };
            if chosen.take(&source, &proposal.edits) {
                *budget -= 1;
                if proposal.is_removal {
                    chosen.suppressions += 1;
                } else {
                    chosen.findings += 1;
                }
            }
        }
        if chosen.edits.is_empty() {
            return false;
        }
        let draft = match self.drafts.get(path) {
            Some(draft) => draft.edited(&chosen),
            None => Draft::new(*entry, &source).edited(&chosen),
        };
        let now = Source::new(Arc::clone(path), draft.text.clone());
        if !is_sound(&parse(source, within), &parse(now, within)) {
            let message = "would not be read as before after its fixes, so it was left as it was: \
                           this is a defect of careen, please report it";
            self.notes.push(Note::about(NoteKind::Failure, &**path, message));
            self.files.remove(path);
            return false;
        }
        self.overlay.insert(Arc::clone(path), draft.text.clone());
        self.drafts.insert(Arc::clone(path), draft);
        true
    }

    fn finish(&mut self, before: &Masks, after: &Masks) -> Vec<Change> {
        let drafts = std::mem::take(&mut self.drafts);
        let masks = |masks: &Masks, path: &str| masks.get(path).cloned().unwrap_or_default();
        drafts
            .into_iter()
            .map(|(path, draft)| draft.finish(&masks(before, &path), &masks(after, &path)))
            .collect()
    }
}

/// Edits of one text that do not touch each other.
#[derive(Default)]
struct Chosen {
    /// By start and end.
    edits: BTreeMap<(u32, u32), String>,
    findings: usize,
    suppressions: usize,
}

impl Chosen {
    /// Takes all edits of a fix, or none. The same edit may be wanted twice.
    fn take(&mut self, source: &Source, edits: &[Edit]) -> bool {
        let text = source.text();
        for (number, edit) in edits.iter().enumerate() {
            let within = text.get(edit.span.range()).is_some();
            let (before, _) = edits.split_at(number);
            let apart = before.iter().all(|other| !touch(other, edit));
            if !within || !apart || !self.is_free(edit) {
                return false;
            }
        }
        for edit in edits {
            self.edits.insert((edit.span.start, edit.span.end), edit.text.clone());
        }
        true
    }

    fn is_free(&self, edit: &Edit) -> bool {
        let key = (edit.span.start, edit.span.end);
        if self.edits.get(&key) == Some(&edit.text) {
            return true;
        }
        let before = self.edits.range(..=key).next_back();
        let after = self.edits.range(key..).next();
        before.is_none_or(|(&(_, end), _)| end < key.0)
            && after.is_none_or(|(&(start, _), _)| key.1 < start)
    }
}

fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
}

/// Whether everything that was recognised still is, and nothing is broken that was not.
fn is_sound(before: &File, after: &File) -> bool {
    let problems = |file: &File| {
        let problems = file.tree.iter().flat_map(careen_yaml::Tree::problems);
        problems.filter(|problem| problem.kind != ProblemKind::DuplicateKey).count()
    };
    after.objects.len() == before.objects.len()
        && after.dockerfile.is_some() == before.dockerfile.is_some()
        && after.bundles.len() == before.bundles.len()
        && problems(after) <= problems(before)
}

#[cfg(test)]
mod tests;

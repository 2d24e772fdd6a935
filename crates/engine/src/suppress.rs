//! Suppressions that stand beside what they suppress: comments and annotations.
//!
//! `# careen: ignore[rule, rule] reason -- until 2027-03-01` covers its own line; on a line of its
//! own it covers what the next line begins (a YAML entry or item with all below it, a Dockerfile
//! instruction, else that line). `ignore-file` covers the file. An object's annotation
//! `careen.dev/ignore.<rule>: reason` covers the object; so does one of its pod template.
//!
//! What people wrote for other linters holds for the rules that find the same, as it is written.

mod annotations;
mod below;
mod comments;
mod demands;
mod directive;
mod foreign;
mod removal;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use careen_model::File;
use careen_policy::{Requirements, answers, owner_in};
use careen_rule::{Edit, Finding, Meta, Note, NoteKind, Suppression, SuppressionKind};
use careen_text::{Source, Span};

use crate::snippet::MASK;
pub(crate) use removal::Removal;
use removal::Way;

/// Names in suppressions that are read of one file. Nobody writes so many by hand.
const MOST_NAMES: usize = 10_000;
/// Notes on the suppressions of one file.
const MOST_NOTES: usize = 100;

/// Characters of an unknown name that are repeated in a note.
const MOST_SHOWN: usize = 60;

/// The suppressions of one file.
#[derive(Default)]
pub(crate) struct Covers {
    suppressions: Vec<Suppression>,
    /// How each suppression can be taken away.
    ways: Vec<Way>,
    /// How those can be taken away whose last day is over.
    expired: Vec<Edit>,
    /// For each name that a suppression gives, what the suppressions of that name cover.
    by_name: BTreeMap<String, Places>,
    /// Names that no rule answers to, so that each is looked up once.
    unknown: BTreeMap<String, ()>,
    /// For each rule, the names in `by_name` that it answers to.
    by_rule: BTreeMap<&'static str, Vec<String>>,
    names: usize,
    requirements: Requirements,
    /// Every name of every suppression: whose it is, and whether it covered a finding.
    entries: Vec<Entry>,
    pub(crate) notes: Vec<Note>,
    unsaid: usize,
}

/// A name in a suppression.
struct Entry {
    suppression: usize,
    /// Which of the suppression's names it is.
    number: usize,
    name: String,
    said: u32,
    used: Cell<bool>,
}

/// Where a name is suppressed, by start.
#[derive(Default)]
struct Places {
    /// What is covered, and the index of the entry.
    covered: Vec<(Span, usize)>,
    /// For each place, the one that reaches furthest among it and those before it.
    furthest: Vec<usize>,
}

impl Places {
    fn settle(&mut self) {
        self.covered.sort_by_key(|(span, at)| (span.start, *at));
        let mut best = 0;
        let mut most = 0;
        for (at, (span, _)) in self.covered.iter().enumerate() {
            if at == 0 || span.end > most {
                (best, most) = (at, span.end);
            }
            self.furthest.push(best);
        }
    }

    /// One that covers a byte from the start of `place` to its end, both included.
    fn find(&self, place: Span) -> Option<usize> {
        let before = self.covered.partition_point(|(span, _)| span.start <= place.end);
        let best = *self.furthest.get(before.checked_sub(1)?)?;
        self.covered.get(best).filter(|(span, _)| place.start <= span.end).map(|(_, at)| *at)
    }
}

impl Covers {
    /// Reads the suppressions of a source. `file` is given if the source is an artifact. What is
    /// said inside of `masks`, which are merged, is not repeated.
    ///
    /// `secrets` says whether secrets were found in it: only then the words of secret scanners are
    /// looked for.
    pub(crate) fn read(
        source: &Arc<Source>,
        file: Option<&File>,
        (rules, secrets): (&[&'static Meta], bool),
        requirements: Requirements,
        now: i64,
        masks: &[Span],
    ) -> Self {
        let hidden = |said: Span| {
            let first = masks.partition_point(|mask| mask.end <= said.start);
            masks.get(first).is_some_and(|mask| mask.overlaps(said))
        };
        let mut covers = Self { requirements, ..Self::default() };
        comments::read(source, file, now, &mut |found| {
            let hidden = hidden(found.said);
            covers.take(source, rules, found, hidden);
        });
        if let Some(file) = file {
            annotations::read(file, now, &mut |found| {
                let hidden = hidden(found.said);
                covers.take(source, rules, found, hidden);
            });
        }
        foreign::read(source, file, (rules, secrets), now, &mut |found| {
            let hidden = hidden(found.said);
            covers.take(source, rules, found, hidden);
        });
        covers.settle(source, rules);
        covers
    }

    /// The suppression that covers a finding: where it begins, or any line of a secret that takes
    /// several.
    pub(crate) fn find(&self, finding: &Finding) -> Option<&Suppression> {
        let mut place = finding.location.span;
        if finding.held.is_some() {
            place = finding.secrets.first().map_or(place, |secret| place.cover(*secret));
        } else {
            place.end = place.start;
        }
        place.end = place.end.saturating_sub(1).max(place.start);
        let names = self.by_rule.get(finding.rule.id)?;
        let at = names.iter().find_map(|name| self.by_name.get(name)?.find(place))?;
        let entry = self.entries.get(at)?;
        entry.used.set(true);
        self.suppressions.get(entry.suppression)
    }

    /// Takes a suppression in, or what is wrong with it.
    fn take(&mut self, source: &Source, rules: &[&'static Meta], found: Found<'_>, hidden: bool) {
        let removal = found.removal.filter(|_| !hidden);
        let directive = match found.directive {
            Ok(directive) => directive,
            Err(slip) => {
                self.expired.extend(removal.filter(|_| slip.expired));
                return self.note(source, found.said.start, slip.message);
            }
        };
        if let Some(message) = demands::unmet(self.requirements, &directive, found.kind) {
            return self.note(source, found.said.start, message);
        }
        let at = self.suppressions.len();
        let reason = (!directive.reason.is_empty() && !hidden).then(|| directive.reason.to_owned());
        let from = found.source.map(Arc::from);
        let owner = reason.as_deref().and_then(owner_in).map(str::to_owned);
        self.suppressions.push(Suppression { kind: found.kind, reason, owner, source: from });
        self.ways.push(Way { said: found.said, names: directive.names.len(), removal });
        for (number, name) in directive.names.into_iter().enumerate() {
            self.names += 1;
            if self.names > MOST_NAMES {
                return;
            }
            let entry = self.entries.len();
            if let Some(places) = self.by_name.get_mut(&*name) {
                places.covered.push((found.covers, entry));
            } else if !self.unknown.contains_key(&*name)
                && rules.iter().any(|rule| answers(rule, &name))
            {
                let places = Places { covered: vec![(found.covers, entry)], ..Places::default() };
                self.by_name.insert(name.clone().into_owned(), places);
            } else {
                self.unknown.insert(name.clone().into_owned(), ());
                if found.foreign {
                    // What another linter knows and we do not is none of our business.
                    continue;
                }
                let what = match found.kind {
                    SuppressionKind::Annotation => "annotation",
                    _ => "suppression",
                };
                let called = if hidden { MASK } else { cut(&name) };
                let message =
                    format!("no rule is called `{called}`, so this {what} covers nothing for it");
                self.note(source, found.said.start, message);
                continue;
            }
            let said = found.said.start;
            let name = if hidden { MASK.to_owned() } else { name.into_owned() };
            let used = Cell::new(found.needed);
            self.entries.push(Entry { suppression: at, number, name, said, used });
        }
    }

    fn note(&mut self, source: &Source, at: u32, message: String) {
        if self.notes.len() < MOST_NOTES {
            let line = source.position(at).line;
            let note = Note::about(NoteKind::Suppression, source.path(), message);
            self.notes.push(note.at_line(line));
        } else {
            self.unsaid += 1;
        }
    }

    fn settle(&mut self, source: &Source, rules: &[&'static Meta]) {
        for (name, places) in &mut self.by_name {
            places.settle();
            for rule in rules.iter().filter(|rule| answers(rule, name)) {
                self.by_rule.entry(rule.id).or_default().push(name.clone());
            }
        }
        if self.names > MOST_NAMES {
            let message = format!(
                "has suppressions with more than {MOST_NAMES} names: those beyond were not read"
            );
            self.notes.push(Note::about(NoteKind::Limit, source.path(), message));
        }
    }

    /// Counts the notes that were left out. The last to be called.
    pub(crate) fn say_rest(&mut self, source: &Source) {
        if self.unsaid > 0 {
            let message = format!("{} more suppressions that do not hold", self.unsaid);
            self.notes.push(Note::about(NoteKind::Suppression, source.path(), message));
            self.unsaid = 0;
        }
    }
}

/// The start of a name, for a message.
fn cut(name: &str) -> &str {
    name.char_indices().nth(MOST_SHOWN).map_or(name, |(end, _)| name.get(..end).unwrap_or(name))
}

/// A suppression as it was met.
struct Found<'t> {
    kind: SuppressionKind,
    /// The bytes that say it.
    said: Span,
    /// What it says, or why it does not hold.
    directive: Result<directive::Directive<'t>, directive::Slip>,
    covers: Span,
    /// The words of another tool that it is written in.
    source: Option<&'static str>,
    /// Whether it is written for another linter.
    foreign: bool,
    /// Whether it is not to be told that it covers nothing.
    needed: bool,
    /// What takes all of it away, if it is ours and that is sure.
    removal: Option<Edit>,
}

#[cfg(test)]
mod tests;

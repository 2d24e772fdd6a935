//! What was not looked at, in full view, and what else there is to know.

use std::collections::BTreeMap;

use careen_rule::{Note, NoteKind, Report};

use super::overview::{counted, grouped};
use super::text::Text;
use super::{MAX_LABEL, MAX_MESSAGE};

/// Places that stand beside a message; the others are folded away.
const NAMED: usize = 4;
/// Places of a message that are folded away; the others are counted.
const FOLDED: usize = 200;
/// Messages of one kind.
const MESSAGES: usize = 100;

pub(super) struct Notes<'r> {
    /// `3 binary files, 7 templates`.
    pub(super) passed_over: Vec<String>,
    pub(super) not_looked_at: Vec<Topic<'r>>,
    pub(super) others: Vec<Topic<'r>>,
}

/// Notes of one kind.
pub(super) struct Topic<'r> {
    pub(super) title: &'static str,
    /// Whether the report is incomplete because of one.
    pub(super) incomplete: bool,
    pub(super) items: Vec<Item<'r>>,
    /// Messages that are not on the page.
    pub(super) left: usize,
}

/// One message and all places it is about.
pub(super) struct Item<'r> {
    pub(super) message: Text<'r>,
    pub(super) named: Vec<Text<'r>>,
    pub(super) folded: Vec<Text<'r>>,
    pub(super) left: usize,
}

impl<'r> Notes<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut kinds: BTreeMap<NoteKind, Vec<&Note>> = BTreeMap::new();
        for note in &report.notes {
            kinds.entry(note.kind).or_default().push(note);
        }
        let mut notes = Self {
            passed_over: passed_over(report),
            not_looked_at: Vec::new(),
            others: Vec::new(),
        };
        for (kind, about) in kinds {
            let incomplete = about.iter().any(|note| note.incomplete);
            let topic = topic(title(kind), incomplete, &about);
            match kind {
                NoteKind::Suppression | NoteKind::Information if !incomplete => {
                    notes.others.push(topic);
                }
                _ => notes.not_looked_at.push(topic),
            }
        }
        notes
    }

    pub(super) fn is_all(&self) -> bool {
        self.passed_over.is_empty() && self.not_looked_at.is_empty()
    }
}

fn passed_over(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let mut parts = Vec::new();
    if summary.binary > 0 {
        parts.push(counted(summary.binary, "binary file", "binary files"));
    }
    if summary.templates > 0 {
        let templates = counted(summary.templates, "template", "templates");
        parts.push(format!("{templates}, as nothing is rendered"));
    }
    parts
}

fn title(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Unreadable => "Could not be read",
        NoteKind::Limit => "Left out at a limit",
        NoteKind::Binary => "Binary",
        NoteKind::Template => "Templates",
        NoteKind::Syntax => "Does not parse",
        NoteKind::Failure => "A linter failed",
        NoteKind::Suppression => "Suppressions",
        NoteKind::Information => "Worth knowing",
    }
}

fn topic<'r>(title: &'static str, incomplete: bool, notes: &[&'r Note]) -> Topic<'r> {
    // In the order of the report, each message once.
    let mut order: Vec<&'r str> = Vec::new();
    let mut places: BTreeMap<&'r str, Vec<&'r Note>> = BTreeMap::new();
    for note in notes {
        let about = places.entry(&note.message).or_default();
        if about.is_empty() {
            order.push(&note.message);
        }
        about.push(note);
    }
    let left = order.len().saturating_sub(MESSAGES);
    let items = order.into_iter().take(MESSAGES).map(|message| {
        let about = places.get(message).map(Vec::as_slice).unwrap_or_default();
        item(message, about)
    });
    Topic { title, incomplete, items: items.collect(), left }
}

fn item<'r>(message: &'r str, notes: &[&'r Note]) -> Item<'r> {
    let mut places = notes.iter().filter_map(|note| place(note));
    // Folding a single place away would not make anything shorter.
    let all = places.clone().count();
    let named = if all <= NAMED + 1 { all } else { NAMED };
    let named: Vec<_> = places.by_ref().take(named).collect();
    let folded: Vec<_> = places.by_ref().take(FOLDED).collect();
    Item { message: Text::message(message, MAX_MESSAGE), left: places.count(), named, folded }
}

impl Item<'_> {
    /// `197 more places`.
    pub(super) fn more(&self) -> String {
        let number = self.folded.len() + self.left;
        format!("{} more places", grouped(number as u64))
    }
}

fn place(note: &Note) -> Option<Text<'_>> {
    let mut place = Text::line(note.path.as_deref()?, MAX_LABEL);
    if let Some(line) = note.line {
        place.push_number(line);
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use careen_rule::{Note, NoteKind};

    use super::Notes;
    use crate::sample::{empty, usual};

    #[test]
    fn a_message_is_said_once_with_its_places() {
        let report = usual();
        let notes = Notes::of(&report);
        assert_eq!(notes.passed_over, ["3 binary files", "7 templates, as nothing is rendered"]);
        let titles: Vec<_> = notes.not_looked_at.iter().map(|topic| topic.title).collect();
        assert_eq!(titles, ["Templates", "Does not parse"]);
        let item = &notes.not_looked_at[0].items[0];
        assert_eq!((item.named.len(), item.folded.len(), item.left), (4, 3, 0));
        assert_eq!(item.more(), "3 more places");
        assert!(!notes.is_all() && notes.others.is_empty());
    }

    #[test]
    fn what_makes_a_report_incomplete_is_never_a_remark() {
        let mut report = empty();
        assert!(Notes::of(&report).is_all());
        report.notes.push(Note::general(NoteKind::Information, "a"));
        let notes = Notes::of(&report);
        assert!(notes.is_all() && notes.others.len() == 1);
        report.notes.push(Note::general(NoteKind::Information, "b").incomplete());
        let notes = Notes::of(&report);
        assert!(notes.not_looked_at[0].incomplete && notes.others.is_empty());
    }

    #[test]
    fn endless_notes_are_counted() {
        let mut report = empty();
        for number in 0..300 {
            report.notes.push(Note::about(NoteKind::Limit, format!("{number}"), "same"));
            report.notes.push(Note::general(NoteKind::Limit, format!("message {number}")));
        }
        let notes = Notes::of(&report);
        assert_eq!(notes.not_looked_at[0].left, 201);
        assert_eq!(notes.not_looked_at[0].items[0].left, 96);
        assert_eq!(notes.not_looked_at[0].items[0].more(), "296 more places");
    }
}

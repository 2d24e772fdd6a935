//! Notes in groups by kind: what was not looked at must be said, but not five hundred times.

use std::collections::BTreeMap;

use careen_rule::{Note, NoteKind};

use crate::inert;
use crate::words::{count, cut};

/// Places or messages named of one kind.
const NAMED: usize = 5;
/// Characters of a message.
const MAX_MESSAGE: usize = 1_000;

/// The notes of one kind, in words.
pub(crate) struct Group {
    pub(crate) kind: NoteKind,
    /// Whether the analysis is incomplete because of one of them.
    pub(crate) incomplete: bool,
    pub(crate) title: String,
    /// What stands below the title.
    pub(crate) lines: Vec<String>,
}

impl Group {
    /// `warning` or `note`.
    pub(crate) const fn level(&self) -> &'static str {
        if self.incomplete { "warning" } else { "note" }
    }
}

/// The notes by kind, in the order of kinds.
pub(crate) fn groups(notes: &[Note]) -> Vec<Group> {
    let mut kinds: BTreeMap<NoteKind, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        kinds.entry(note.kind).or_default().push(note);
    }
    let group = |(kind, notes): (NoteKind, Vec<&Note>)| {
        let incomplete = notes.iter().any(|note| note.incomplete);
        let (title, lines) = describe(&notes);
        Group { kind, incomplete, title, lines }
    };
    kinds.into_iter().map(group).collect()
}

/// The title for the notes of one kind, and lines below it.
fn describe(notes: &[&Note]) -> (String, Vec<String>) {
    let Some((first, others)) = notes.split_first() else { return Default::default() };
    if others.is_empty() {
        return (words(first), Vec::new());
    }
    let left = notes.len().saturating_sub(NAMED);
    let more = (left > 0).then(|| format!("and {left} more"));
    if others.iter().all(|note| note.message == first.message) {
        let places = notes.iter().filter_map(|note| place(note)).take(NAMED).chain(more);
        let places = places.collect::<Vec<_>>().join(", ");
        let message = message(first);
        let text = format!("{message} ({})", count(notes.len(), "place", "places"));
        return (text, vec![places]);
    }
    let lines = notes.iter().take(NAMED).map(|note| words(note));
    (count(notes.len(), "note", "notes"), lines.chain(more).collect())
}

/// `path:line: message`, as far as there is a place.
pub(crate) fn words(note: &Note) -> String {
    let message = message(note);
    place(note).map_or_else(|| message.clone(), |place| format!("{place}: {message}"))
}

pub(crate) fn message(note: &Note) -> String {
    inert::line(&cut(&note.message, MAX_MESSAGE)).into_owned()
}

/// `path:line`, or the path alone.
pub(crate) fn place(note: &Note) -> Option<String> {
    let path = inert::path(note.path.as_deref()?);
    Some(match note.line {
        Some(line) => format!("{path}:{line}"),
        None => path.into_owned(),
    })
}

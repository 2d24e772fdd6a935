//! Notes, counted by kind: what was not looked at must be said, but not five hundred times.

use std::collections::BTreeMap;
use std::io;

use annotate_snippets::{Group, Level, Renderer};
use careen_rule::{Note, NoteKind};
use careen_text::sanitize_line;

use crate::words::count;

/// Places or messages named of one kind.
const NAMED: usize = 5;

/// Writes the notes and says whether there were any.
pub(super) fn write(
    notes: &[Note],
    renderer: &Renderer,
    out: &mut dyn io::Write,
) -> io::Result<bool> {
    let mut kinds: BTreeMap<NoteKind, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        kinds.entry(note.kind).or_default().push(note);
    }
    for (kind, notes) in &kinds {
        let incomplete = notes.iter().any(|note| note.incomplete);
        let level = if incomplete { Level::WARNING } else { Level::NOTE };
        let (text, lines) = describe(notes);
        let title = level.primary_title(text).id(kind.as_str());
        writeln!(out, "{}", renderer.render(&[Group::with_title(title)]))?;
        for line in lines {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(!kinds.is_empty())
}

/// The title for the notes of one kind, and lines below it.
fn describe(notes: &[&Note]) -> (String, Vec<String>) {
    let Some((first, others)) = notes.split_first() else { return Default::default() };
    let message = sanitize_line(&first.message);
    if others.is_empty() {
        let text = match place(first) {
            Some(place) => format!("{place}: {message}"),
            None => message.into_owned(),
        };
        return (text, Vec::new());
    }
    let left = notes.len().saturating_sub(NAMED);
    let more = (left > 0).then(|| format!("and {left} more"));
    if others.iter().all(|note| note.message == first.message) {
        let places = notes.iter().filter_map(|note| place(note)).take(NAMED).chain(more);
        let text = format!("{message} ({})", count(notes.len(), "place", "places"));
        return (text, vec![places.collect::<Vec<_>>().join(", ")]);
    }
    let lines = notes.iter().take(NAMED).map(|note| {
        let message = sanitize_line(&note.message);
        place(note).map_or_else(|| message.to_string(), |place| format!("{place}: {message}"))
    });
    (count(notes.len(), "note", "notes"), lines.chain(more).collect())
}

fn place(note: &Note) -> Option<String> {
    let path = sanitize_line(note.path.as_deref()?);
    Some(match note.line {
        Some(line) => format!("{path}:{line}"),
        None => path.into_owned(),
    })
}

//! The words for what was not looked at.

use std::io;
use std::path::Path;

use careen_rule::{Note, NoteKind};
use careen_text::sanitize_line;

/// More notes than this help nobody; the rest is counted.
const MAX_NOTES: usize = 1000;

/// A file or folder that could not be read. One that is gone by now is no gap in the analysis:
/// it is no longer part of what is checked.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> Note {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Note::about(NoteKind::Information, path, "vanished while it was being looked at")
        }
        io::ErrorKind::PermissionDenied => Note::about(
            NoteKind::Unreadable,
            path,
            "could not be read: permission denied; make it readable or list it in `.careenignore`",
        )
        .incomplete(),
        kind => Note::about(
            NoteKind::Unreadable,
            path,
            format!("could not be read: {kind}; repair it or list it in `.careenignore`"),
        )
        .incomplete(),
    }
}

/// What the walk stumbled over, as notes about paths below `base`.
pub(crate) fn of_walk(base: &Path, error: &ignore::Error, notes: &mut Vec<Note>) {
    let mut queue = vec![(error, None::<&Path>, None::<u64>)];
    while let Some((error, path, line)) = queue.pop() {
        let shown = || path.map_or_else(String::new, |path| crate::listing::shown(base, path));
        match error {
            ignore::Error::Partial(errors) => {
                queue.extend(errors.iter().rev().map(|error| (error, path, line)));
            }
            ignore::Error::WithLineNumber { line, err } => queue.push((err, path, Some(*line))),
            ignore::Error::WithPath { path, err } => queue.push((err, Some(path), line)),
            ignore::Error::WithDepth { err, .. } => queue.push((err, path, line)),
            ignore::Error::Io(error) => notes.push(unreadable(&shown(), error)),
            ignore::Error::Glob { glob, err } => {
                notes.push(bad_pattern(shown(), line, glob.as_deref().unwrap_or_default(), err));
            }
            other => notes
                .push(Note::about(NoteKind::Unreadable, shown(), other.to_string()).incomplete()),
        }
    }
}

/// A pattern in an ignore file that means nothing.
pub(crate) fn bad_pattern(path: String, line: Option<u64>, glob: &str, reason: &str) -> Note {
    let note = Note::about(
        NoteKind::Syntax,
        path,
        format!(
            "ignore pattern `{}` is passed over: {}",
            sanitize_line(glob),
            sanitize_line(reason)
        ),
    );
    match line.and_then(|line| u32::try_from(line).ok()) {
        Some(line) => note.at_line(line),
        None => note,
    }
}

/// A limit that left something out.
pub(crate) fn limit(path: &str, message: String) -> Note {
    Note::about(NoteKind::Limit, path, message).incomplete()
}

/// Puts notes in order, whatever thread made them, and keeps a bearable number of them.
pub(crate) fn settle(notes: &mut Vec<Note>) {
    notes.sort_unstable();
    notes.dedup();
    if notes.len() > MAX_NOTES {
        let rest = notes.len() - MAX_NOTES;
        let incomplete = notes.iter().skip(MAX_NOTES).any(|note| note.incomplete);
        notes.truncate(MAX_NOTES);
        let mut note = Note::general(
            NoteKind::Information,
            format!("{rest} more notes of the walk are left out"),
        );
        note.incomplete = incomplete;
        notes.push(note);
    }
}

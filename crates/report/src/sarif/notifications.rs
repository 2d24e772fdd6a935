//! What happened on the way: hosts show it as the status of the tool.

use careen_rule::{Note, NoteKind};
use careen_sarif::{
    DescriptorReference, Invocation, Level, Location, Message, MultiformatMessage, Notification,
    PhysicalLocation, Region, ReportingDescriptor, Run,
};
use careen_text::sanitize_line;

use super::artifact;
use super::results::MAX_RESULTS;
use crate::words::{capitalized, count, cut, sentence};

/// Notifications of a run; the last one says how many are left out.
const MAX_NOTIFICATIONS: usize = 1_000;
/// Characters of a notification.
const MAX_MESSAGE: usize = 1_024;

/// The kinds in the order of [`NoteKind`], with what they mean.
const KINDS: [(NoteKind, &str); 8] = [
    (NoteKind::Unreadable, "A file or folder could not be read."),
    (NoteKind::Limit, "A limit was reached and something was left out."),
    (NoteKind::Binary, "Files were passed over as binary."),
    (NoteKind::Template, "A template was not rendered."),
    (NoteKind::Syntax, "Text does not parse."),
    (NoteKind::Failure, "A linter failed on a file."),
    (NoteKind::Suppression, "A suppression is expired, unknown or malformed."),
    (NoteKind::Information, "Something else worth knowing."),
];

pub(crate) fn descriptors() -> Vec<ReportingDescriptor> {
    // Hosts ask of these what they ask of rules.
    let descriptor = |(kind, text): (NoteKind, &str)| ReportingDescriptor {
        id: kind.as_str().to_owned(),
        name: Some(format!("{}Note", capitalized(kind.as_str()))),
        short_description: Some(MultiformatMessage::plain(text)),
        full_description: Some(MultiformatMessage::plain(text)),
        help: Some(MultiformatMessage::plain(text)),
        ..ReportingDescriptor::default()
    };
    KINDS.into_iter().map(descriptor).collect()
}

/// The notes, and a word about those there is no room for.
pub(crate) fn notifications(notes: &[Note]) -> Vec<Notification> {
    let mut notifications: Vec<Notification> =
        notes.iter().take(MAX_NOTIFICATIONS).map(notification).collect();
    if notes.len() > MAX_NOTIFICATIONS {
        let more = count(notes.len() - MAX_NOTIFICATIONS, "note is", "notes are");
        notifications.push(Notification {
            descriptor: Some(descriptor(NoteKind::Limit)),
            locations: Vec::new(),
            message: Message::of(format!("{more} left out.")),
            level: Level::Warning,
        });
    }
    notifications
}

/// Tells in a run that the mildest results are left out.
pub(crate) fn left_out(run: &mut Run, number: usize) {
    let more = count(number, "finding is", "findings are");
    limit(run, &format!("{more} left out: hosts take the {MAX_RESULTS} most severe."));
}

/// Tells in a run of any tool that something is left out.
pub(super) fn limit(run: &mut Run, text: &str) {
    let id = NoteKind::Limit.as_str();
    let index = run.tool.driver.notifications.iter().position(|known| known.id == id);
    let notification = Notification {
        descriptor: index
            .map(|index| DescriptorReference { id: id.to_owned(), index: Some(index) }),
        locations: Vec::new(),
        message: Message::of(text),
        level: Level::Warning,
    };
    if run.invocations.is_empty() {
        run.invocations.push(Invocation { execution_successful: true, ..Invocation::default() });
    }
    if let Some(invocation) = run.invocations.first_mut() {
        invocation.tool_execution_notifications.push(notification);
    }
}

fn notification(note: &Note) -> Notification {
    let location = note.path.as_deref().map(|path| Location {
        physical_location: Some(PhysicalLocation {
            artifact_location: artifact(path),
            region: note.line.map(|line| Region { start_line: line.max(1), ..Region::default() }),
            context_region: None,
        }),
        ..Location::default()
    });
    let level = match note.kind {
        _ if note.incomplete => Level::Error,
        NoteKind::Unreadable
        | NoteKind::Limit
        | NoteKind::Syntax
        | NoteKind::Failure
        | NoteKind::Suppression => Level::Warning,
        NoteKind::Binary | NoteKind::Template | NoteKind::Information => Level::Note,
    };
    Notification {
        descriptor: Some(descriptor(note.kind)),
        locations: location.into_iter().collect(),
        message: Message::of(sentence(&cut(&sanitize_line(&note.message), MAX_MESSAGE))),
        level,
    }
}

fn descriptor(kind: NoteKind) -> DescriptorReference {
    let index = KINDS.iter().position(|(each, _)| *each == kind);
    DescriptorReference { id: kind.as_str().to_owned(), index }
}

#[cfg(test)]
mod tests {
    use careen_rule::{Note, NoteKind};

    use super::{MAX_NOTIFICATIONS, notifications};

    #[test]
    fn what_is_left_out_is_counted() {
        let notes = vec![Note::about(NoteKind::Binary, "a", "binary"); MAX_NOTIFICATIONS + 7];
        let texts: Vec<String> = notifications(&notes)
            .into_iter()
            .skip(MAX_NOTIFICATIONS)
            .map(|notification| notification.message.text)
            .collect();
        assert_eq!(texts, ["7 notes are left out."]);
    }
}

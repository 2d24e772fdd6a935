//! What was not looked at, and what was looked at and proves nothing.

use careen_audit_model::{Audit, Unseen};

use super::proof::record;
use super::{Entry, Mark, Phrase, Tone, Topic};

pub(super) fn topic(audit: &Audit) -> Topic<'_> {
    // What the audit is incomplete for comes before what is merely told.
    let (grave, told): (Vec<&Unseen>, Vec<&Unseen>) =
        audit.unseen.iter().partition(|unseen| unseen.incomplete);
    let refused = audit.evidence.iter().filter(|record| record.refused.is_some());
    let mut entries: Vec<Entry> = grave.into_iter().map(entry).collect();
    entries.extend(refused.map(record));
    entries.extend(told.into_iter().map(entry));
    let lead = if entries.is_empty() {
        Phrase::of("Everything that was asked for was looked at, and no evidence was refused.")
    } else {
        Phrase::default()
    };
    Topic { id: "unseen", title: "Not looked at".to_owned(), lead, entries }
}

fn entry(unseen: &Unseen) -> Entry<'_> {
    let mark = if unseen.incomplete {
        Mark::new("incomplete", Tone::Bad)
    } else {
        Mark::new("note", Tone::Quiet)
    };
    let mut says = Phrase::default();
    if let Some(path) = &unseen.path {
        let place = unseen.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
        says = says.name(place).words(": ");
    }
    Entry { mark, says: says.words(&unseen.message), lines: Vec::new(), details: Vec::new() }
}

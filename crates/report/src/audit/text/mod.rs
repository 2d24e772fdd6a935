//! An audit for a terminal: the verdict, who must act on what, and then the rest, in the order in which it
//! is read. What passes is counted; `--full` shows it too.

mod list;
mod sheet;

use std::io;

use careen_audit_model::Audit;

use self::sheet::Sheet;
use super::view::{self, Blocker, Topic};
use crate::Options;
use crate::words::{capitalized, count};

/// Causes of a blocker, and entries of a topic, that are shown unless everything is wanted.
const CAUSES: usize = 3;
const ENTRIES: usize = 12;
/// Those that are shown at most.
const ALL: usize = 1_000;

pub(super) fn write(audit: &Audit, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(options);
    let owners = view::owners(audit);
    sheet.verdict(view::tone(audit.verdict.outcome), &audit.verdict.line);
    let names: Vec<String> =
        owners.iter().map(|owner| format!("{} {}", owner.name, owner.blockers.len())).collect();
    if !names.is_empty() {
        sheet.plain(0, &format!("who must act: {}", names.join(", ")));
    }
    sheet.gap();
    for fact in view::facts(audit) {
        sheet.named(2, fact.name, 12, &fact.says);
    }
    if !owners.is_empty() {
        sheet.heading("Blockers");
    }
    for (number, owner) in owners.iter().enumerate() {
        if number > 0 {
            sheet.gap();
        }
        let many = count(owner.blockers.len(), "blocker", "blockers");
        sheet.subheading(&format!("{}: {many}", owner.name));
        for blocker in &owner.blockers {
            blocked(blocker, options, &mut sheet);
        }
    }
    for topic in view::topics(audit) {
        told(&topic, options, &mut sheet);
    }
    list::write(audit, options, &mut sheet);
    sheet.heading("To get this report again");
    sheet.whole(2, &audit.subject.reproduce);
    out.write_all(sheet.finish().as_bytes())
}

fn blocked(blocker: &Blocker<'_>, options: &Options, sheet: &mut Sheet<'_>) {
    let most = if options.full { ALL } else { CAUSES };
    let title = view::Phrase::of(blocker.title).words(" (").name(blocker.id).words(")");
    sheet.status(4, blocker.status, &title);
    let inner = 4 + sheet::STATUS;
    if !blocker.reason.is_empty() {
        sheet.phrase(inner, &view::Phrase::of(blocker.reason));
    }
    for cause in blocker.causes(most) {
        sheet.item(inner, &cause);
    }
    match blocker.more(most) {
        0 => {}
        more => sheet.plain(inner, &format!("and {more} more")),
    }
    for (name, text) in [("why", blocker.why), ("fix", &*blocker.remedy)] {
        if !text.is_empty() {
            sheet.named(inner, name, 3, &view::Phrase::of(text));
        }
    }
}

fn told(topic: &Topic<'_>, options: &Options, sheet: &mut Sheet<'_>) {
    let most = if options.full { ALL } else { ENTRIES };
    sheet.heading(&capitalized(&topic.title));
    if !topic.lead.is_empty() {
        sheet.phrase(2, &topic.lead);
    }
    let width = topic.entries.iter().map(|entry| entry.mark.word.len()).max().unwrap_or(0);
    for entry in topic.entries.iter().take(most) {
        sheet.marked(2, entry.mark, width, &entry.says);
        let details = entry.details.iter().filter(|_| options.full);
        for line in entry.lines.iter().chain(details) {
            sheet.phrase(4 + width, line);
        }
    }
    if let Some(more @ 1..) = topic.entries.len().checked_sub(most) {
        sheet.plain(2, &format!("and {more} more"));
    }
}

#[cfg(test)]
mod tests;

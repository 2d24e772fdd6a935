//! What is different from before.

use std::cmp::Ordering;

use careen_audit_model::{Audit, Status, Turned};

use super::age::ago;
use super::{Entry, Mark, Phrase, Tone, Topic};
use crate::time::moment;
use crate::words::count;

/// What changed since the last release.
pub(super) fn since_release(audit: &Audit) -> Option<Topic<'_>> {
    let changes = audit.changes.as_ref()?;
    let commits = count(changes.commits, "commit", "commits");
    let files = count(changes.files, "file differs", "files differ");
    let new = count(changes.new_findings.len(), "new finding", "new findings");
    let gone = match changes.gone_findings {
        0 => "none is gone".to_owned(),
        1 => "1 is gone".to_owned(),
        gone => format!("{gone} are gone"),
    };
    let entry = |finding| Entry {
        mark: Mark::new("new", Tone::Bad),
        says: Phrase::of(finding),
        lines: Vec::new(),
        details: Vec::new(),
    };
    Some(Topic {
        id: "changes",
        title: "Since the last release".to_owned(),
        lead: Phrase::of("Since ")
            .name(&changes.since)
            .words(format!(": {commits}, {files}, {new}, {gone}.")),
        entries: changes.new_findings.iter().map(entry).collect(),
    })
}

/// What changed since another audit: what became worse first.
pub(super) fn since_audit(audit: &Audit) -> Option<Topic<'_>> {
    let comparison = audit.comparison.as_ref()?;
    let mut turned: Vec<(Way, &Turned)> =
        comparison.turned.iter().map(|turned| (Way::of(turned), turned)).collect();
    turned.sort_by_key(|(way, _)| *way);
    let when =
        format!(" of {}, {}, which said ", moment(comparison.at), ago(audit.at, comparison.at));
    let end = if turned.is_empty() { "\u{201d}: nothing changed." } else { "\u{201d}." };
    Some(Topic {
        id: "comparison",
        title: "Since the audit before".to_owned(),
        lead: Phrase::of("Compared with ")
            .name(&comparison.path)
            .words(when)
            .words("\u{201c}")
            .words(&comparison.verdict)
            .words(end),
        entries: turned.into_iter().map(|(way, turned)| entry(way, turned)).collect(),
    })
}

/// Which way something turned, in the order in which it is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Worse,
    New,
    Gone,
    Better,
    Changed,
}

impl Way {
    fn of(turned: &Turned) -> Self {
        let (from, to) = match (turned.from, turned.to) {
            (Some(from), Some(to)) => (from, to),
            (None, Some(_)) => return Self::New,
            (_, None) => return Self::Gone,
        };
        // Whether something applies is neither better nor worse than that it is proven.
        let badness = |status: Status| status.max(Status::Pass);
        match badness(from).cmp(&badness(to)) {
            Ordering::Less => Self::Worse,
            Ordering::Equal => Self::Changed,
            Ordering::Greater => Self::Better,
        }
    }

    const fn mark(self) -> Mark {
        match self {
            Self::Worse => Mark::new("worse", Tone::Bad),
            Self::New => Mark::new("new", Tone::Care),
            Self::Gone => Mark::new("gone", Tone::Quiet),
            Self::Better => Mark::new("better", Tone::Good),
            Self::Changed => Mark::new("changed", Tone::Quiet),
        }
    }
}

fn entry(way: Way, turned: &Turned) -> Entry<'_> {
    let how = match (turned.from, turned.to) {
        (Some(from), Some(to)) => format!(" was {from}, is {to}"),
        (None, Some(to)) => format!(" is {to}"),
        (Some(from), None) => format!(" was {from}"),
        (None, None) => String::new(),
    };
    let says = Phrase::default().name(&turned.what).words(how);
    let says = match turned.reason.as_str() {
        "" => says,
        reason => says.words(": ").words(reason),
    };
    Entry { mark: way.mark(), says, lines: Vec::new(), details: Vec::new() }
}

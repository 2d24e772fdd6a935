//! What stands above and around the checklist.

use careen_audit_model::{Audit, Status};

use super::MAX_BLOCKERS;
use super::said::Said;
use crate::audit::view::{self, Entry, Phrase, Tone, Topic};
use crate::html::text::Text;
use crate::html::{MAX_LABEL, MAX_MESSAGE};
use crate::words::count;

/// Blockers of an owner that are named at the top.
const NAMED: usize = 5;
/// Causes of a blocker.
const CAUSES: usize = 10;
/// Entries of a topic.
const MAX_ENTRIES: usize = 1_000;

/// A role that must act.
pub(super) struct Owner<'a> {
    pub(super) name: Text<'a>,
    /// `2 blockers`, also those that are not on the page.
    pub(super) many: String,
    total: usize,
    pub(super) blockers: Vec<Blocked<'a>>,
}

/// A blocker on the page.
pub(super) struct Blocked<'a> {
    pub(super) number: usize,
    pub(super) id: Text<'a>,
    pub(super) status: Status,
    pub(super) title: Text<'a>,
    pub(super) reason: Text<'a>,
    pub(super) causes: Vec<Said<'a>>,
    pub(super) more: usize,
    pub(super) why: Text<'a>,
    pub(super) remedy: Said<'a>,
}

impl<'a> Owner<'a> {
    /// The owners with their blockers, and how many blockers there is no room for.
    pub(super) fn all(audit: &'a Audit, source: Option<&'a str>) -> (Vec<Self>, usize) {
        let mut number = 0;
        let mut owners = Vec::new();
        let mut left = 0;
        for owner in view::owners(audit) {
            let total = owner.blockers.len();
            let room = MAX_BLOCKERS - number;
            let blockers: Vec<Blocked> = owner
                .blockers
                .into_iter()
                .take(room)
                .map(|blocker| {
                    number += 1;
                    Blocked::of(number, blocker, source)
                })
                .collect();
            left += total - blockers.len();
            let many = count(total, "blocker", "blockers");
            let name = Text::line(owner.name, MAX_LABEL);
            owners.push(Self { name, many, total, blockers });
        }
        (owners, left)
    }

    pub(super) fn named(&self) -> impl Iterator<Item = &Blocked<'a>> {
        self.blockers.iter().take(NAMED)
    }

    pub(super) fn unnamed(&self) -> usize {
        self.total.saturating_sub(NAMED.min(self.blockers.len()))
    }
}

impl<'a> Blocked<'a> {
    fn of(number: usize, blocker: view::Blocker<'a>, source: Option<&'a str>) -> Self {
        Self {
            number,
            id: Text::line(blocker.id, MAX_LABEL),
            status: blocker.status,
            title: Text::message(blocker.title, MAX_MESSAGE),
            reason: Text::message(blocker.reason, MAX_MESSAGE),
            causes: Said::all(blocker.causes(CAUSES), source),
            more: blocker.more(CAUSES),
            why: Text::message(blocker.why, MAX_MESSAGE),
            remedy: Said::of(Phrase::of(blocker.remedy), source),
        }
    }
}

/// A topic on the page.
pub(super) struct Told<'a> {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) lead: Said<'a>,
    pub(super) entries: Vec<ToldEntry<'a>>,
    pub(super) left: usize,
}

/// An entry of a topic.
pub(super) struct ToldEntry<'a> {
    pub(super) word: &'static str,
    /// The class of its mark.
    pub(super) tone: &'static str,
    pub(super) says: Said<'a>,
    pub(super) lines: Vec<Said<'a>>,
}

impl<'a> Told<'a> {
    pub(super) fn of(topic: Topic<'a>, source: Option<&'a str>) -> Self {
        let left = topic.entries.len().saturating_sub(MAX_ENTRIES);
        let entries = topic.entries.into_iter().take(MAX_ENTRIES);
        Self {
            id: topic.id,
            title: topic.title,
            lead: Said::of(topic.lead, source),
            entries: entries.map(|entry| ToldEntry::of(entry, source)).collect(),
            left,
        }
    }

    /// Every piece of evidence.
    pub(super) fn records(audit: &'a Audit, source: Option<&'a str>) -> Self {
        let topic = Topic {
            id: "evidence",
            title: "Evidence".to_owned(),
            lead: Phrase::default(),
            entries: audit.evidence.iter().map(view::record).collect(),
        };
        Self::of(topic, source)
    }
}

impl<'a> ToldEntry<'a> {
    fn of(entry: Entry<'a>, source: Option<&'a str>) -> Self {
        Self {
            word: entry.mark.word,
            tone: match entry.mark.tone {
                Tone::Bad => "bad",
                Tone::Care => "care",
                Tone::Good => "good",
                Tone::Quiet => "quiet",
            },
            says: Said::of(entry.says, source),
            lines: Said::all(entry.lines, source)
                .into_iter()
                .chain(Said::all(entry.details, source))
                .collect(),
        }
    }
}

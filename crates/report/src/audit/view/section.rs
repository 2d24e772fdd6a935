//! The checklist by its headings.

use std::collections::BTreeMap;

use careen_audit_model::{Audit, ControlResult, Item, Status};

use super::blocker::{NOBODY, cause};
use super::{Phrase, proof};

/// Causes of a line that holds nothing up.
const CAUSES: usize = 3;
/// Proposals for an unbound line.
const PROPOSALS: usize = 3;

/// The lines below one heading.
pub(in crate::audit) struct Section<'a> {
    /// The headings above them, the outermost first, without those that all lines share.
    pub(in crate::audit) headings: &'a [String],
    pub(in crate::audit) lines: Vec<Line<'a>>,
}

/// A line of the checklist.
pub(in crate::audit) struct Line<'a> {
    pub(in crate::audit) item: &'a Item,
    /// Of what decides it: what is not settled before what is.
    controls: Vec<&'a ControlResult>,
    /// Whether its reason stands with the blockers.
    pub(in crate::audit) blocks: bool,
    /// Whether it counts already.
    pub(in crate::audit) is_due: bool,
}

/// The checklist in its order.
pub(in crate::audit) fn sections(audit: &Audit) -> Vec<Section<'_>> {
    let shared = shared(&audit.items);
    let chunks = audit.items.chunk_by(|a, b| a.section == b.section);
    chunks
        .map(|items| Section {
            headings: items.first().and_then(|item| item.section.get(shared..)).unwrap_or_default(),
            lines: items.iter().map(|item| Line::of(audit, item)).collect(),
        })
        .collect()
}

/// How many headings stand above every line. The last one of a line is never counted, so that each section
/// has a name if it has a heading.
fn shared(items: &[Item]) -> usize {
    let Some(first) = items.first() else { return 0 };
    let most = items.iter().map(|item| item.section.len().saturating_sub(1)).min().unwrap_or(0);
    let is_shared = |at: &usize| {
        let heading = first.section.get(*at);
        items.iter().all(|item| item.section.get(*at) == heading)
    };
    (0..most).take_while(is_shared).count()
}

impl Section<'_> {
    /// Whether nobody needs to look at it.
    pub(in crate::audit) fn is_settled(&self) -> bool {
        self.lines.iter().all(|line| !line.is_open())
    }
}

impl<'a> Line<'a> {
    fn of(audit: &'a Audit, item: &'a Item) -> Self {
        let mut controls: Vec<&ControlResult> =
            item.controls.iter().filter_map(|id| audit.control(id)).collect();
        controls.sort_by_key(|control| control.status.is_settled());
        let own = format!("line {}", item.line);
        let blockers = &audit.verdict.blockers;
        let blocks = !item.status.is_settled()
            && blockers.iter().any(|id| *id == own || item.controls.contains(id));
        Self { item, controls, blocks, is_due: audit.is_due(item.phase) }
    }

    /// Whether somebody must act on it now.
    pub(in crate::audit) fn is_open(&self) -> bool {
        self.is_due && !self.item.status.is_settled()
    }

    /// Who answers for it.
    pub(in crate::audit) fn owner(&self) -> &'a str {
        let owner = self.controls.first().map_or("", |control| control.owner.as_str());
        if owner.is_empty() { NOBODY } else { owner }
    }

    /// Why it is so, and what should be known besides. What stands with the blockers is not said again
    /// unless `whole`.
    pub(in crate::audit) fn reasons(&self, whole: bool) -> Vec<Phrase<'a>> {
        let item = self.item;
        let mut reasons = Vec::new();
        if (whole || !self.blocks) && !item.reason.is_empty() {
            reasons.push(Phrase::of(&item.reason));
        }
        if item.ticked && self.is_open() {
            reasons.push(Phrase::of("The box is ticked in the file, which proves nothing."));
        }
        if !item.proposals.is_empty() && !self.blocks {
            let proposals = item.proposals.iter().take(PROPOSALS).enumerate();
            reasons.push(proposals.fold(Phrase::of("May mean "), |phrase, (number, id)| {
                phrase.words(if number > 0 { ", " } else { "" }).name(id)
            }));
        }
        reasons
    }

    /// The first of what speaks against it, unless that stands with the blockers.
    pub(in crate::audit) fn causes(&self) -> Vec<Phrase<'a>> {
        if self.blocks || self.item.status.is_settled() {
            return Vec::new();
        }
        let causes = self.controls.iter().flat_map(|control| &control.causes);
        causes.take(CAUSES).map(cause).collect()
    }

    /// What it rests on.
    pub(in crate::audit) fn proofs(&self) -> Vec<Phrase<'a>> {
        self.item.evidence.iter().map(proof).collect()
    }

    /// What decides it.
    pub(in crate::audit) fn controls(&self) -> Phrase<'a> {
        let ids = self.item.controls.iter().enumerate();
        ids.fold(Phrase::default(), |phrase, (number, id)| {
            phrase.words(if number > 0 { ", " } else { "" }).name(id)
        })
    }
}

/// How many lines have which status, the worst first.
pub(in crate::audit) fn tally<'i>(items: impl Iterator<Item = &'i Item>) -> Vec<(Status, usize)> {
    let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
    for item in items {
        *counts.entry(item.status).or_default() += 1;
    }
    counts.into_iter().rev().collect()
}

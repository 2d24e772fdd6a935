use std::borrow::Cow;
use std::cmp::Reverse;

use careen_audit_model::{Audit, Cause, ControlResult, Item, Status};

use super::Phrase;

/// Who acts if nobody is named.
pub(super) const NOBODY: &str = "nobody yet";

/// Something that holds the release up: a control, or a line of the checklist without one.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Blocker<'a> {
    /// As the verdict names it.
    pub(in crate::audit) id: &'a str,
    pub(in crate::audit) title: &'a str,
    pub(in crate::audit) status: Status,
    pub(in crate::audit) reason: &'a str,
    /// Empty for a line without a control.
    pub(in crate::audit) why: &'a str,
    pub(in crate::audit) remedy: Cow<'a, str>,
    owner: &'a str,
    causes: &'a [Cause],
    more: usize,
}

impl<'a> Blocker<'a> {
    fn of_control(control: &'a ControlResult) -> Self {
        Self {
            id: &control.id,
            title: &control.title,
            status: control.status,
            reason: &control.reason,
            why: &control.why,
            remedy: Cow::Borrowed(&control.remedy),
            owner: if control.owner.is_empty() { NOBODY } else { &control.owner },
            causes: &control.causes,
            more: control.more_causes,
        }
    }

    fn of_item(id: &'a str, item: &'a Item) -> Self {
        let mut remedy =
            "Bind the line to what decides it; `careen audit bind` proposes".to_owned();
        if item.proposals.is_empty() {
            remedy.push_str(" what its words may mean.");
        } else {
            let proposals: Vec<String> =
                item.proposals.iter().take(3).map(|id| format!("`{id}`")).collect();
            remedy.push_str(&format!(" {}.", proposals.join(", ")));
        }
        Self {
            id,
            title: &item.text,
            status: item.status,
            reason: &item.reason,
            why: "",
            remedy: Cow::Owned(remedy),
            owner: NOBODY,
            causes: &[],
            more: 0,
        }
    }

    /// The first `most` causes.
    pub(in crate::audit) fn causes(&self, most: usize) -> Vec<Phrase<'a>> {
        self.causes.iter().take(most).map(cause).collect()
    }

    /// How many causes there are besides the first `most`.
    pub(in crate::audit) fn more(&self, most: usize) -> usize {
        self.more.saturating_add(self.causes.len().saturating_sub(most))
    }
}

/// A cause: where, what says so, and what is wrong.
pub(super) fn cause(cause: &Cause) -> Phrase<'_> {
    let mut phrase = Phrase::default();
    if let Some(place) = &cause.place {
        phrase = phrase.place(place).words(" ");
    }
    if let Some(rule) = &cause.rule {
        phrase = phrase.name(rule).words(": ");
    }
    phrase.words(&cause.message)
}

/// A role, and what it must act on.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Owner<'a> {
    pub(in crate::audit) name: &'a str,
    /// In the order of the checklist.
    pub(in crate::audit) blockers: Vec<Blocker<'a>>,
}

/// The blockers by who must act on them: who has most of them first, what nobody has yet
/// last, else in the order of the checklist.
pub(in crate::audit) fn owners(audit: &Audit) -> Vec<Owner<'_>> {
    let mut owners: Vec<Owner> = Vec::new();
    for id in &audit.verdict.blockers {
        let Some(blocker) = blocker(audit, id) else { continue };
        match owners.iter_mut().find(|owner| owner.name == blocker.owner) {
            Some(owner) => owner.blockers.push(blocker),
            None => owners.push(Owner { name: blocker.owner, blockers: vec![blocker] }),
        }
    }
    owners.sort_by_key(|owner| (owner.name == NOBODY, Reverse(owner.blockers.len())));
    owners
}

fn blocker<'a>(audit: &'a Audit, id: &'a str) -> Option<Blocker<'a>> {
    if let Some(control) = audit.control(id) {
        return Some(Blocker::of_control(control));
    }
    let line: u32 = id.strip_prefix("line ")?.parse().ok()?;
    let item = audit.items.iter().find(|item| item.line == line)?;
    Some(Blocker::of_item(id, item))
}

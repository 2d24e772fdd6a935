//! What the reports for people share: the audit in the order in which it is read, in words.
//!
//! Text, Markdown and the page show the same [`Phrase`]s; each renders them in its own way, and none of
//! them words anything a second time.

mod age;
mod blocker;
mod changes;
mod facts;
mod phrase;
mod proof;
mod section;
mod topic;
mod unseen;
mod vouched;

use careen_audit_model::{Audit, Outcome};

pub(super) use self::blocker::{Blocker, Owner, owners};
pub(super) use self::facts::facts;
pub(super) use self::phrase::{Part, Phrase, short};
pub(super) use self::proof::{proof, record};
pub(super) use self::section::{Line, Section, sections, tally};
pub(super) use self::topic::{Entry, Mark, Tone, Topic};

/// The first words of the verdict, and what it says besides.
pub(super) fn verdict(audit: &Audit) -> (&'static str, &str) {
    let verdict = &audit.verdict;
    let word = verdict.outcome.title();
    let rest = verdict.line.strip_prefix(word).unwrap_or(&verdict.line).trim();
    let rest = rest.strip_prefix(':').unwrap_or(rest).trim();
    let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    (word, inner.unwrap_or(rest))
}

/// The verdict's tone.
pub(super) const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Go => Tone::Good,
        Outcome::GoWithWaivers => Tone::Care,
        Outcome::NoGo => Tone::Bad,
    }
}

/// What stands between the blockers and the checklist, in the order in which it is read. Empty topics are
/// left out, but for what was not looked at, of which it is said that there is nothing.
pub(super) fn topics(audit: &Audit) -> Vec<Topic<'_>> {
    let mut topics = Vec::new();
    topics.extend(changes::since_release(audit));
    topics.extend(changes::since_audit(audit));
    topics.extend(vouched::waivers(audit));
    topics.extend(vouched::sign_offs(audit));
    topics.push(unseen::topic(audit));
    topics
}

#[cfg(test)]
mod tests;

//! Asks the deciders of a control.

mod combine;
mod evidence;
mod fresh;
mod git;
mod live;
mod rules;
mod word;

use careen_audit_model::{Cause, Proof, Status};

use crate::control::Decider;
use crate::inputs::{Adjustment, Inputs};

pub(crate) use combine::sentences;
pub(crate) use fresh::{about_content, commit, produced_at, refusal};
pub(crate) use word::staleness;

/// What one decider says.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) status: Status,
    /// One sentence.
    pub(crate) reason: String,
    /// The smallest thing to do, in one sentence; empty if nothing is to be done.
    pub(crate) remedy: String,
    pub(crate) causes: Vec<Cause>,
    pub(crate) proofs: Vec<Proof>,
}

impl Decision {
    pub(crate) fn new(
        status: Status,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            status,
            reason: reason.into(),
            remedy: remedy.into(),
            causes: Vec::new(),
            proofs: Vec::new(),
        }
    }

    fn pass(reason: impl Into<String>, proofs: Vec<Proof>) -> Self {
        Self { proofs, ..Self::new(Status::Pass, reason, "") }
    }
}

/// A control while it is decided.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) id: &'a str,
    pub(crate) adjustment: Option<&'a Adjustment>,
}

impl Asked<'_> {
    /// The age that counts.
    fn max_age(self, own: Option<i64>) -> Option<i64> {
        self.adjustment.and_then(|adjustment| adjustment.max_age).or(own)
    }
}

pub(crate) fn decide(decider: &Decider, asked: Asked<'_>, inputs: &Inputs<'_>) -> Decision {
    match decider {
        Decider::Rules(set) => rules::decide(set, asked, inputs),
        Decider::Evidence(wanted) => evidence::decide(wanted, asked, inputs),
        Decider::Cluster { probe, max_age } => {
            live::decide(*probe, asked.max_age(Some(*max_age)).unwrap_or(*max_age), inputs)
        }
        Decider::Git(probe) => git::decide(*probe, inputs),
        Decider::SignOff { role, max_age, binds } => {
            word::decide(role, asked.max_age(*max_age), *binds, asked, inputs)
        }
        Decider::All(parts) => {
            combine::all(parts.iter().map(|part| decide(part, asked, inputs)).collect())
        }
        Decider::Any(parts) => {
            combine::any(parts.iter().map(|part| decide(part, asked, inputs)).collect())
        }
    }
}

//! What was accepted before a run: the [`Baseline`] of known findings, and what files of other
//! secret scanners accept.
//!
//! Nothing here reads a file: who does hands over its bytes. No value of a secret is kept and none
//! is in any message; what identifies one is hashed with the baseline's own salt.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod baseline;
mod foreign;
mod place;

use std::sync::Arc;

use careen_rule::{Suppression, SuppressionKind};

pub use baseline::{Baseline, BaselineError, Entry, Key, MOST_BYTES, Tally};
pub use foreign::{FILES as FOREIGN_FILES, Foreign};
pub use place::{Place, Subject};

/// Everything that was accepted.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What other tools' files accept.
    pub foreign: Vec<Foreign>,
    /// The baseline, if there is one.
    pub baseline: Option<Baseline>,
}

impl Ledger {
    /// Whether nothing was accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.foreign.is_empty() && self.baseline.is_none()
    }

    /// Begins to look up findings of one file, from its first to its last.
    #[must_use]
    pub fn of_file(&self, path: &str) -> FileLedger<'_> {
        let tally = self.baseline.as_ref().map(|baseline| baseline.of_path(path));
        FileLedger { ledger: self, tally }
    }
}

/// What was accepted in one file, and how much of it was used up.
#[derive(Debug)]
pub struct FileLedger<'l> {
    ledger: &'l Ledger,
    tally: Option<Tally<'l>>,
}

impl<'l> FileLedger<'l> {
    /// Why a finding does not count, if it was accepted.
    pub fn find(&mut self, subject: &Subject<'_>) -> Option<Suppression> {
        let entry = self.tally.as_mut().and_then(|tally| tally.take(subject));
        if let Some(entry) = entry {
            let name = self.ledger.baseline.as_ref().map(|baseline| Arc::clone(&baseline.name));
            return Some(Suppression {
                kind: SuppressionKind::Baseline,
                reason: entry.reason.clone(),
                owner: None,
                source: name,
            });
        }
        self.ledger.foreign.iter().find_map(|foreign| {
            let reason = foreign.accepts(subject)?;
            Some(Suppression {
                kind: SuppressionKind::Import,
                reason: (!reason.is_empty()).then_some(reason),
                owner: None,
                source: Some(Arc::clone(&foreign.name)),
            })
        })
    }

    /// The baseline's entries that covered something.
    #[must_use]
    pub fn used(self) -> Vec<usize> {
        self.tally.map(Tally::used).unwrap_or_default()
    }
}

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
mod drift;
mod file;
mod foreign;
mod place;

use std::sync::Arc;

use careen_rule::{Suppression, SuppressionKind};

pub use baseline::{Baseline, BaselineError, Entry, Key, Tally, Terms, Uses};
pub use drift::Scene;
pub use file::MOST_BYTES;
pub use foreign::{FILES as FOREIGN_FILES, Foreign};
pub use place::{Place, Subject};

/// Everything that was accepted.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What other tools' files accept.
    pub foreign: Vec<Foreign>,
    /// The baseline, if there is one.
    pub baseline: Option<Baseline>,
    /// What was found in the revision that today is compared with, if there is one.
    pub since: Option<Baseline>,
}

/// What the entries of the baselines are used up for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Of [`Ledger::baseline`].
    pub baseline: Uses,
    /// Of [`Ledger::since`].
    pub since: Uses,
}

impl Used {
    /// Adds what was used in another file.
    pub fn add(&mut self, other: Self) {
        for (own, other) in [(&mut self.baseline, other.baseline), (&mut self.since, other.since)] {
            for (at, count) in other {
                *own.entry(at).or_default() += count;
            }
        }
    }
}

/// What is known of a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Why it does not count, if it does not.
    pub suppression: Option<Suppression>,
    /// The entry of the baseline that knows it, even if that holds no more.
    pub entry: Option<usize>,
}

impl Ledger {
    /// Whether nothing was accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.foreign.is_empty() && !self.has_baseline()
    }

    /// Whether there is something that knows findings one by one.
    #[must_use]
    pub const fn has_baseline(&self) -> bool {
        self.baseline.is_some() || self.since.is_some()
    }

    /// Begins to look up findings of one file at a moment, from its first to its last.
    #[must_use]
    pub fn of_file(&self, path: &str, now: i64) -> FileLedger<'_> {
        let baseline = self.baseline.as_ref().map(|baseline| baseline.of_path(path));
        let since = self.since.as_ref().map(|since| since.of_path(path));
        FileLedger { ledger: self, now, baseline, since }
    }

    /// Looks up findings that nothing knows by path and names: of things that were moved or renamed,
    /// and of secrets that stand elsewhere now. To be called when the findings of all files were
    /// looked up. The order of `strays` decides which of equal findings are the known ones.
    #[must_use]
    pub fn settle(
        &self,
        used: &mut Used,
        strays: &[&Place],
        scene: &dyn Scene,
        now: i64,
    ) -> Vec<Known> {
        let mut all = vec![Known::default(); strays.len()];
        if let Some(baseline) = &self.baseline {
            let found = drift::settle(baseline, &mut used.baseline, strays, scene);
            for (known, at) in all.iter_mut().zip(found) {
                let entry = at.and_then(|at| baseline.entries().get(at));
                let holds = entry.filter(|entry| !entry.is_over(now));
                known.suppression = holds.map(|entry| baseline.suppression(entry));
                known.entry = at;
            }
        }
        if let Some(since) = &self.since {
            let open = all.iter().zip(strays).enumerate();
            let open = open.filter(|(_, (known, _))| known.suppression.is_none());
            let (numbers, open): (Vec<usize>, Vec<&Place>) =
                open.map(|(number, (_, place))| (number, *place)).unzip();
            let found = drift::settle(since, &mut used.since, &open, scene);
            for (number, at) in numbers.into_iter().zip(found) {
                let entry = at.and_then(|at| since.entries().get(at));
                if let (Some(entry), Some(known)) = (entry, all.get_mut(number)) {
                    known.suppression = Some(since.suppression(entry));
                }
            }
        }
        all
    }
}

impl Baseline {
    fn suppression(&self, entry: &Entry) -> Suppression {
        Suppression {
            kind: SuppressionKind::Baseline,
            reason: entry.words(),
            owner: entry.owner.clone(),
            source: Some(Arc::clone(&self.name)),
        }
    }
}

/// What was accepted in one file, and how much of it was used up.
#[derive(Debug)]
pub struct FileLedger<'l> {
    ledger: &'l Ledger,
    now: i64,
    baseline: Option<Tally<'l>>,
    since: Option<Tally<'l>>,
}

impl FileLedger<'_> {
    /// What is known of a finding by its path and names.
    pub fn find(&mut self, subject: &Subject<'_>) -> Known {
        let mut known = Known::default();
        if let (Some(tally), Some(baseline)) = (&mut self.baseline, &self.ledger.baseline)
            && let Some((at, entry)) = tally.take(subject)
        {
            known.entry = Some(at);
            if !entry.is_over(self.now) {
                known.suppression = Some(baseline.suppression(entry));
                return known;
            }
        }
        if let (Some(tally), Some(since)) = (&mut self.since, &self.ledger.since)
            && let Some((_, entry)) = tally.take(subject)
        {
            known.suppression = Some(since.suppression(entry));
            return known;
        }
        known.suppression = self.ledger.foreign.iter().find_map(|foreign| {
            let reason = foreign.accepts(subject)?;
            Some(Suppression {
                kind: SuppressionKind::Import,
                reason: (!reason.is_empty()).then_some(reason),
                owner: None,
                source: Some(Arc::clone(&foreign.name)),
            })
        });
        known
    }

    /// What the entries of the baselines were used for.
    #[must_use]
    pub fn used(self) -> Used {
        let collect = |tally: Option<Tally<'_>>| tally.into_iter().flat_map(Tally::used).collect();
        Used { baseline: collect(self.baseline), since: collect(self.since) }
    }
}

//! What a repository has to tell how its system is doing, read once for all checks across files.

use std::sync::Arc;

use careen_model::Snapshot;

use crate::alerts::{Group, Rule, RuleSet, rule_set};
use crate::body::bodies;
use crate::dashboards::{Dashboard, dashboard};
use crate::scrapes::Jobs;

/// All rules and dashboards, by the index of their file, and the jobs that are scraped.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) rule_sets: Vec<(usize, RuleSet)>,
    pub(crate) dashboards: Vec<(usize, Dashboard)>,
    pub(crate) jobs: Jobs,
}

impl Survey {
    /// The survey of a snapshot.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(Self::read)
    }

    fn read(snapshot: &Snapshot) -> Self {
        let mut survey =
            Self { rule_sets: Vec::new(), dashboards: Vec::new(), jobs: Jobs::of(snapshot) };
        for (at, file) in snapshot.files().iter().enumerate() {
            for body in bodies(file) {
                survey.rule_sets.extend(rule_set(&body).map(|set| (at, set)));
                survey.dashboards.extend(dashboard(&body).map(|found| (at, found)));
            }
        }
        survey
    }

    /// All alerting rules.
    pub(crate) fn alerts(&self) -> impl Iterator<Item = (usize, &RuleSet, &Group, &Rule)> {
        self.rule_sets.iter().flat_map(|(file, set)| {
            set.alerts().map(move |(group, rule)| (*file, set, group, rule))
        })
    }
}

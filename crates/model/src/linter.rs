use std::fmt;

use careen_rule::{Findings, Meta, SnapshotSink};

use crate::{File, Snapshot};

/// What every check may know besides the files.
#[derive(Clone, Debug)]
pub struct Context {
    /// The moment of judgement, in Unix seconds. Checks never look at a clock.
    pub now: i64,
}

/// A check that needs relations across files.
pub struct SnapshotCheck {
    /// The rule.
    pub rule: &'static Meta,
    /// Runs once per snapshot.
    pub run: fn(&Snapshot, &Context, &mut SnapshotSink<'_>),
}

impl fmt::Debug for SnapshotCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotCheck").field("rule", &self.rule.id).finish_non_exhaustive()
    }
}

/// A linter: a set of rules with one walk over what they look at.
pub trait Linter: Sync + Send {
    /// `kubernetes`, `images`, `secrets`, `tls`.
    fn name(&self) -> &'static str;

    /// Every rule, in order of id.
    fn rules(&self) -> Vec<&'static Meta>;

    /// Runs every rule that needs one file only. Called once per file, in parallel, also for
    /// files that are no artifact: those are dropped afterwards.
    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings);

    /// The rules that need the whole snapshot; the engine runs them in parallel.
    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        Vec::new()
    }
}

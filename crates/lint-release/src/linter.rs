use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::rules::ALL;
use crate::{Check, OfFile};

/// The linter.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseLinter;

/// The linter with some of its rules: most are off unless a release is judged, and pages are read only
/// for a rule that asks for them.
#[derive(Debug)]
struct Narrowed(Schedule);

/// What runs for one file, and what runs over the snapshot.
#[derive(Debug, Default)]
struct Schedule {
    file: Vec<(&'static Meta, OfFile)>,
    snapshot: Vec<SnapshotCheck>,
}

const NAME: &str = "release";

impl Schedule {
    fn of(wanted: &dyn Fn(&Meta) -> bool) -> Self {
        let mut schedule = Self::default();
        for rule in ALL.iter().filter(|rule| wanted(&rule.meta)) {
            match rule.check {
                Check::File(check) => schedule.file.push((&rule.meta, check)),
                Check::Snapshot(run) => {
                    schedule.snapshot.push(SnapshotCheck { rule: &rule.meta, run });
                }
            }
        }
        schedule
    }

    fn check(&self, file: &File, context: &Context, findings: &mut Findings) {
        if file.document.is_none() {
            return;
        }
        for &(rule, check) in &self.file {
            check(file, context, &mut findings.sink(rule, &file.source));
        }
    }
}

impl Linter for ReleaseLinter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        if file.document.is_some() {
            Schedule::of(&|_| true).check(file, context, findings);
        }
    }

    fn only(&self, wanted: &dyn Fn(&Meta) -> bool) -> Option<Box<dyn Linter>> {
        Some(Box::new(Narrowed(Schedule::of(wanted))))
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        Schedule::of(&|_| true).snapshot
    }
}

impl Linter for Narrowed {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ReleaseLinter.rules()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        self.0.check(file, context, findings);
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        self.0.snapshot.clone()
    }
}

use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::Check;
use crate::rules::ALL;

/// The linter.
#[derive(Clone, Copy, Debug)]
pub struct ObservabilityLinter;

impl Linter for ObservabilityLinter {
    fn name(&self) -> &'static str {
        "observability"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        if !file.is_artifact() {
            return;
        }
        for rule in ALL {
            if let Check::File(check) = rule.check {
                check(file, context, &mut findings.sink(&rule.meta, &file.source));
            }
        }
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        let checks = ALL.iter().filter_map(|rule| match rule.check {
            Check::Snapshot(run) => Some(SnapshotCheck { rule: &rule.meta, run }),
            Check::File(_) => None,
        });
        checks.collect()
    }
}

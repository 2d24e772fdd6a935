use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta};

use crate::rules::ALL;
use crate::schedule::{EVERYTHING, Schedule};

const NAME: &str = "tls";

/// The TLS linter.
#[derive(Clone, Copy, Debug)]
pub struct TlsLinter;

/// The TLS linter with some of its rules.
#[derive(Debug)]
struct Narrowed(Schedule);

impl Linter for TlsLinter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn reads_layers(&self) -> bool {
        true
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        EVERYTHING.check(file, context, findings);
    }

    fn only(&self, wanted: &dyn Fn(&Meta) -> bool) -> Option<Box<dyn Linter>> {
        Some(Box::new(Narrowed(Schedule::of(wanted))))
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        EVERYTHING.snapshot.clone()
    }
}

impl Linter for Narrowed {
    fn name(&self) -> &'static str {
        NAME
    }

    fn rules(&self) -> Vec<&'static Meta> {
        TlsLinter.rules()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        self.0.check(file, context, findings);
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        self.0.snapshot.clone()
    }
}

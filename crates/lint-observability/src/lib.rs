//! Lints what tells how a system is doing: metrics, alerts, dashboards, logs, error tracking.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod linter;
mod rules;

use careen_model::{Context, File, Snapshot};
use careen_rule::{Sink, SnapshotSink};

pub use linter::ObservabilityLinter;

/// What a rule looks at, with its check.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Every file in which something was recognised.
    File(fn(&File, &Context, &mut Sink<'_>)),
    /// All files together.
    Snapshot(fn(&Snapshot, &Context, &mut SnapshotSink<'_>)),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Snapshot(_) => "Snapshot",
        })
    }
}

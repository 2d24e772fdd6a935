//! Lints what a release is made of besides code: documents, API descriptions, owners, migrations.
//!
//! Rules say what is wrong with a document that is there; most of those that say that one is missing
//! are off unless they are asked for, because only a release needs them all. Pages are parsed when a
//! rule first asks for one and shared by all (`markdown::Pages`).

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod api;
mod changelog;
mod contacts;
mod links;
mod linter;
mod markdown;
mod migration;
mod owners;
mod place;
mod plain;
mod release;
mod rules;
mod topic;
mod version;
mod wording;

use careen_model::{Context, File, Snapshot};
use careen_rule::{Sink, SnapshotSink};

pub use linter::ReleaseLinter;

pub(crate) type OfFile = fn(&File, &Context, &mut Sink<'_>);

/// What a rule looks at, with its check.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Every file that is a document.
    File(OfFile),
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

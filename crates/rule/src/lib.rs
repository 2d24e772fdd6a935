//! The vocabulary every linter speaks.
//!
//! A [`Rule`] is declared once with [`rule!`](crate::rule!): its [`Meta`] makes the manual page,
//! `careen explain`, the SARIF rule and the tests. A check writes [`Finding`]s into a [`Sink`];
//! the engine judges them into a [`Report`], plain data that writers can show without ever seeing
//! a source. This crate knows no domain: what a rule looks at is the linter's own type.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod controls;
mod date;
mod finding;
mod identity;
mod judged;
mod level;
mod manual;
mod mask;
mod meta;
mod options;
mod sink;

pub use controls::{Control, control};
pub use date::{DAY, Date, Day};
pub use finding::{Edit, Finding, Fix, Location, ObjectPath, Related, Safety};
pub use identity::{Held, Identity};
pub use judged::{
    History, Judged, JudgedEdit, JudgedFix, JudgedRelated, Lowered, Note, NoteKind, Region, Report,
    Snippet, Summary, Suppression, SuppressionKind, Tool,
};
pub use level::{Confidence, Severity};
pub use mask::redact;
pub use meta::{Example, Meta, Rule};
pub use options::{OptionKind, OptionValue, Options, RuleOption, fits};
pub use sink::{Findings, Sink, SnapshotSink};

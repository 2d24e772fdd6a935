//! Decides controls and the items of a checklist, and says whether to sail.
//!
//! [`Survey`] counts what there is, [`definitions`] say what decides each control, [`audit`] asks the
//! deciders and makes the [`Audit`](careen_audit_model::Audit). An item passes on proof alone: nothing
//! that was not there to look at, that is too old or speaks of something else, that cannot be read or
//! was not signed counts. This crate opens no files, knows no Git and looks at no clock: it is handed what
//! others read.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod answer;
mod compare;
mod control;
mod decide;
mod inputs;
mod items;
mod subject;
mod survey;
mod verdict;

pub use answer::audit;
pub use compare::{Earlier, compare};
pub use control::{Binds, Decider, Definition, GitProbe, RuleSet, Wanted, definitions};
pub use inputs::{Adjustment, Inputs, Outcome, Piece, Standing};
pub use items::named_rules;
pub use subject::Subject;
pub use survey::{ImageUse, Sight, Survey};

//! What an audit says, as plain data.
//!
//! An [`Audit`] is ordered, redacted and judged: writers show it and decide nothing. Serialised, it is
//! the versioned contract `careen-audit/1`. This crate knows neither files nor how anything is decided.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod audit;
mod change;
mod control;
mod item;
mod proof;
mod status;
mod subject;

pub use audit::{Audit, SCHEMA, Tool, Unseen};
pub use change::{Changes, Comparison, Turned};
pub use control::{Cause, ControlResult, Place};
pub use item::Item;
pub use proof::{EvidenceRecord, Proof, SignOffRecord, Vouched, WaiverRecord};
pub use status::{Outcome, Phase, Status, Verdict};
pub use subject::{Subject, Tag};

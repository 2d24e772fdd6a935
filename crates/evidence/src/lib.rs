//! Reads reports of test runners, scanners and load tests as evidence.
//!
//! [`sniff`] tells what a report is by what it holds, [`read`] turns it into [`Evidence`]: measures by
//! name, issues, and what the report says of itself (its tool, its time, its commit). A [`Claim`]
//! compares a measure with a bound. What a file is said to be by others stands in a [`Record`]. Readers
//! are handed bytes, open nothing, expand no entities, and refuse what is not what it seems: nothing
//! counts as proof by accident.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod claim;
mod formats;
mod json;
mod kind;
mod measure;
mod moment;
mod numbers;
mod record;
mod report;
mod scale;
mod words;
mod xml;

pub use claim::{Claim, Relation, duration};
pub use formats::{read, read_recorded, sniff};
pub use kind::{Class, Kind};
pub use measure::{Measure, Measures};
pub use record::{MOST_RECORDS, Record, Records, record_into, records};
pub use report::{Evidence, Issue, MOST_BYTES, MOST_ISSUES, Trouble};
pub use scale::Scale;

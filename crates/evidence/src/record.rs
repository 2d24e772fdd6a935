//! What is said of reports beside them: `.careen/evidence.yaml`.

mod path;
mod read;
mod write;

use crate::{Kind, Measure, Scale, Trouble};

pub use read::records;
pub use write::record_into;

/// Records of a file at most.
pub const MOST_RECORDS: usize = 10_000;

/// What somebody, usually a build server, says of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The path of the report, relative to the audited folder, with `/` between its parts.
    pub file: String,
    /// The line of the record, 1-based.
    pub line: u32,
    /// Its format, if it is not to be told by its content.
    pub kind: Option<Kind>,
    /// What the tests are: `unit`, `integration`, `e2e`, `smoke`, …
    pub suite: Option<String>,
    /// Where it was made: `staging`.
    pub environment: Option<String>,
    /// When it was made, in Unix seconds.
    pub produced_at: Option<i64>,
    /// The commit it speaks of.
    pub commit: Option<String>,
    /// The content it speaks of: `sha256:…`.
    pub tree: Option<String>,
    /// The digest its bytes must have, 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// What a number of Prometheus measures.
    pub measure: Option<Measure>,
    /// The unit of that number.
    pub unit: Option<Scale>,
}

/// All records of a file, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The records, in their order.
    pub records: Vec<Record>,
    /// What is wrong; a record with trouble is left out.
    pub troubles: Vec<Trouble>,
}

/// The keys of a record, in the order in which they are written.
const KEYS: [&str; 10] = [
    "file",
    "kind",
    "suite",
    "environment",
    "produced-at",
    "commit",
    "tree",
    "sha256",
    "measure",
    "unit",
];

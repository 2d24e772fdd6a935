use serde::Serialize;

use crate::Status;

/// What changed since the last release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The revision compared with, as it was named.
    pub since: String,
    /// Commits since then.
    pub commits: usize,
    /// Files that differ.
    pub files: usize,
    /// Findings that were not there then, worst first: `path:line rule: message`.
    pub new_findings: Vec<String>,
    /// How many findings of then are gone.
    pub gone_findings: usize,
}

/// What changed since another audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The file of the other audit.
    pub path: String,
    /// Its verdict, in one line.
    pub verdict: String,
    /// When it was made, in Unix seconds.
    pub at: i64,
    /// What became better, worse, or is new or gone, in the order of this checklist, then what is gone.
    pub turned: Vec<Turned>,
}

/// A control or an item without one that changed its status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Turned {
    /// Id of the control, or the text of the item.
    pub what: String,
    /// The status before; none if it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Status>,
    /// The status now; none if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Status>,
    /// Why it is so now.
    pub reason: String,
}

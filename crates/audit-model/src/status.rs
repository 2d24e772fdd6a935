use std::fmt;

use serde::Serialize;

/// What became of a control or an item.
///
/// The order is that of badness: the worst of several is their maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It does not apply here: what it is about is not there, or somebody said so with a reason.
    NotApplicable,
    /// Proven.
    Pass,
    /// Not proven, and somebody answers for going without until a day.
    Waived,
    /// Nothing decides it but a person, who has not signed.
    Manual,
    /// Nothing was there to look at: no evidence, no manifest, no cluster.
    NotRun,
    /// There is proof, of another state or too old.
    Stale,
    /// Proven wrong.
    Fail,
}

impl Status {
    /// All, from the best to the worst.
    pub const ALL: [Self; 7] = [
        Self::NotApplicable,
        Self::Pass,
        Self::Waived,
        Self::Manual,
        Self::NotRun,
        Self::Stale,
        Self::Fail,
    ];

    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
            Self::Waived => "waived",
            Self::Manual => "manual",
            Self::NotRun => "not-run",
            Self::Stale => "stale",
            Self::Fail => "fail",
        }
    }

    /// Whether nobody needs to do anything about it before the ship sails.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Pass | Self::NotApplicable | Self::Waived)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// When something can be known: a release cannot be held up by what follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before the deployment.
    #[default]
    Before,
    /// After it.
    After,
}

impl Phase {
    /// The word in bindings and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// Whether to sail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything that is due is proven.
    Go,
    /// Everything that is due is proven or waived.
    GoWithWaivers,
    /// Something that is due is neither.
    NoGo,
}

impl Outcome {
    /// The words in front of a report.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::GoWithWaivers => "GO with waivers",
            Self::NoGo => "NO-GO",
        }
    }
}

/// The answer to the one question of an audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether to sail.
    pub outcome: Outcome,
    /// One line for people: `NO-GO: 2 blockers`, `GO with waivers (3, next expires 2026-12-09)`.
    pub line: String,
    /// Ids of the controls, and `line N` of items without one, that hold the release up, in the order of the
    /// checklist.
    pub blockers: Vec<String>,
    /// Waivers that were needed.
    pub waivers: usize,
    /// When the first of them expires, in Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_expiry: Option<i64>,
}

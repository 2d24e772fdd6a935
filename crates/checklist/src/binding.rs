use careen_evidence::{Claim, Class, Kind};

/// What decides an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Binding {
    /// A control or a rule, by name.
    Named(String),
    /// A report.
    Evidence(Demand),
    /// The word of a person in a role.
    SignOff {
        /// The role; `any` for whoever may sign.
        role: String,
        /// Seconds after which it is stale.
        max_age: Option<i64>,
    },
    /// Nothing: it was decided that a person looks at it.
    Manual,
}

/// What is asked of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Its format, if one is named.
    pub kind: Option<Kind>,
    /// What it speaks of, if that is named instead.
    pub class: Option<Class>,
    /// Globs of its path, relative to the audited folder; any if there are none.
    pub files: Vec<String>,
    /// What the tests are: `unit`, `integration`, `e2e`.
    pub suite: Option<String>,
    /// Where it was made.
    pub environment: Option<String>,
    /// What must hold.
    pub claims: Vec<Claim>,
    /// Seconds after which it is stale.
    pub max_age: Option<i64>,
}

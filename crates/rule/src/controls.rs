//! The controls of the production checklist. The list is generated from `policies/controls`.

mod generated;

/// One line of the production deployment checklist that rules give evidence for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Control {
    /// Kebab-case id.
    pub id: &'static str,
    /// What is asked for, in one line.
    pub title: &'static str,
}

/// The controls by name, so that a typo in a rule does not compile.
pub mod control {
    pub use super::generated::*;
}

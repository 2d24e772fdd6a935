//! The embedded profiles, generated from `policies/profiles/`.

mod generated;

use crate::Requirements;

/// A named choice of rules and levels.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it is for, one sentence.
    pub description: &'static str,
    /// Whether every rule is on, also those off by default.
    pub all: bool,
    /// Rules or groups that are on in place of the defaults; empty where the defaults are.
    pub only: &'static [&'static str],
    /// Rules or groups that are on besides the defaults, or besides `only`.
    pub enable: &'static [&'static str],
    /// Rules or groups that are off.
    pub disable: &'static [&'static str],
    /// Severities that differ from the rules' own.
    pub severity: &'static [(&'static str, &'static str)],
    /// Whether all certificates are judged by the rules for those that browsers trust.
    pub public_pki: bool,
    /// What a suppression must say, so that it holds.
    pub suppressions: Requirements,
    /// The mildest severity that makes the run fail.
    pub fail_on: &'static str,
}

/// All profiles, by name.
#[must_use]
pub fn profiles() -> &'static [Profile] {
    generated::ALL
}

/// The profile of that name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    generated::ALL.iter().find(|profile| profile.name == name)
}

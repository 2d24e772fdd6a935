//! What a file of controls may say.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) controls: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) why: String,
    pub(super) owner: String,
    /// What must be there, so that the control applies.
    pub(super) applies: Option<String>,
    pub(super) decided_by: Decider,
}

/// Exactly one of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Decider {
    pub(super) rules: Option<Rules>,
    pub(super) evidence: Option<Evidence>,
    pub(super) cluster: Option<Cluster>,
    pub(super) git: Option<String>,
    pub(super) sign_off: Option<SignOff>,
    pub(super) all: Option<Vec<Self>>,
    pub(super) any: Option<Vec<Self>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rules {
    /// What must have been looked at.
    pub(super) over: String,
    /// Rules besides those that name the control; they run though they are off.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// The mildest severity that counts; `low` without it.
    pub(super) at_least: Option<String>,
    /// Whether every rule about security counts, whatever controls it names.
    #[serde(default)]
    pub(super) security: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Evidence {
    pub(super) class: String,
    pub(super) suite: Option<String>,
    pub(super) claims: Vec<String>,
    pub(super) max_age: String,
    pub(super) binds_to: String,
    /// Whether it proves nothing where there is none, and says no where one speaks against it.
    #[serde(default)]
    pub(super) only_against: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Cluster {
    pub(super) probe: String,
    pub(super) max_age: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SignOff {
    pub(super) role: String,
    pub(super) max_age: String,
    pub(super) binds_to: String,
}

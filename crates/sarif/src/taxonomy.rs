use serde::Serialize;

use crate::MultiformatMessage;

/// A classification (§3.19), with those of its classes that are pointed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taxonomy {
    /// The short name, such as `CWE`.
    pub name: String,
    /// Who keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// What it classifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_description: Option<MultiformatMessage>,
    /// Where to read about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_uri: Option<String>,
    /// Whether all of its classes are here.
    pub is_comprehensive: bool,
    /// The classes.
    pub taxa: Vec<Taxon>,
}

/// A class of a classification (§3.19.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taxon {
    /// Its id. Readers look for the form `CWE-79`.
    pub id: String,
    /// Its name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_description: Option<MultiformatMessage>,
    /// Where to read about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_uri: Option<String>,
}

/// Names a tool component of the run (§3.54).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ComponentReference {
    /// Its name.
    pub name: String,
    /// Its place in the run's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
}

/// How a rule relates to a class (§3.53).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relationship {
    /// The class.
    pub target: TaxonReference,
    /// The words of the standard, such as `superset`: the class holds all that the rule finds.
    pub kinds: Vec<String>,
}

/// Names a class (§3.52).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxonReference {
    /// Its id.
    pub id: String,
    /// Its place in the classification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The classification.
    pub tool_component: ComponentReference,
}

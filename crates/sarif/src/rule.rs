use serde::Serialize;

use crate::{Level, Relationship};

/// A rule, or a kind of notification (§3.49).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportingDescriptor {
    /// Stable name.
    pub id: String,
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The defect in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_description: Option<MultiformatMessage>,
    /// The defect in a paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_description: Option<MultiformatMessage>,
    /// Severity unless a result says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_configuration: Option<Configuration>,
    /// Where the manual page is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_uri: Option<String>,
    /// The manual page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<MultiformatMessage>,
    /// What it is a case of. Never written empty: one reader takes an empty list for an answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relationships: Vec<Relationship>,
    /// What hosts sort and filter by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<RuleProperties>,
}

/// Text in plain form and in Markdown (§3.12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MultiformatMessage {
    /// The plain text.
    pub text: String,
    /// The same in GitHub's Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
}

impl MultiformatMessage {
    /// Plain text only.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), markdown: None }
    }
}

/// How a rule behaves unless told otherwise (§3.50).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Configuration {
    /// Whether it runs.
    pub enabled: bool,
    /// How bad it is.
    pub level: Level,
    /// How bad it is, from 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<f64>,
}

/// The property bag of a rule, with the keys that code scanning reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleProperties {
    /// Words to filter by; hosts keep ten.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How sure the rule is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// How bad a rule is that is not about security.
    #[serde(rename = "problem.severity", skip_serializing_if = "Option::is_none")]
    pub problem_severity: Option<Problem>,
    /// A number from 0.0 to 10.0, as a *string*. Makes the rule a security rule.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<String>,
}

/// How sure a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// Almost never wrong.
    VeryHigh,
    /// Rarely wrong.
    High,
    /// Sometimes wrong.
    Medium,
    /// Often wrong.
    Low,
}

/// How bad a rule is that is not about security.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// Wrong.
    Error,
    /// Likely wrong.
    Warning,
    /// Could be better.
    Recommendation,
}

/// Names a descriptor of the driver (§3.52).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescriptorReference {
    /// Its id.
    pub id: String,
    /// Its place in the driver's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
}

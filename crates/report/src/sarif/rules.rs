//! The manual of every rule, for the host to show beside an alert. Holds nothing of any finding, so
//! it is the same in every run of one version.

use std::collections::BTreeMap;

use careen_rule::{Confidence, Meta, Report, Severity};
use careen_sarif::{
    Configuration, MultiformatMessage, Precision, Problem, ReportingDescriptor, RuleProperties,
};

use super::cwe::Weaknesses;
use super::severity::{level, rank, security_severity};
use crate::words::{capitalized, cut};

/// Characters of a description.
pub(crate) const MAX_DESCRIPTION: usize = 1_024;
/// Characters of a name.
pub(super) const MAX_NAME: usize = 255;
/// Tags a host keeps.
pub(super) const MAX_TAGS: usize = 10;

/// All rules by id, with their place in the log.
pub(super) struct Rules(BTreeMap<&'static str, &'static Meta>);

impl Rules {
    /// The report's rules; a finding's rule is there even if it was not announced.
    pub(super) fn of(report: &Report) -> Self {
        let found = report.findings.iter().map(|finding| finding.rule);
        Self(report.rules.iter().copied().chain(found).map(|meta| (meta.id, meta)).collect())
    }

    pub(super) fn descriptors(&self) -> Vec<ReportingDescriptor> {
        let weaknesses = self.weaknesses();
        let described = |meta: &&'static Meta| ReportingDescriptor {
            relationships: weaknesses.relationships(meta.cwe),
            ..descriptor(meta)
        };
        self.0.values().map(described).collect()
    }

    /// What the rules are cases of.
    pub(super) fn weaknesses(&self) -> Weaknesses {
        Weaknesses::of(self.0.values().flat_map(|meta| meta.cwe.iter().copied()))
    }

    /// The place of every rule in the list.
    pub(super) fn places(&self) -> BTreeMap<&'static str, usize> {
        self.0.keys().enumerate().map(|(place, id)| (*id, place)).collect()
    }
}

fn descriptor(meta: &Meta) -> ReportingDescriptor {
    let summary = meta.headline();
    let prose = meta.prose();
    let full = match first_paragraph(&prose) {
        paragraph if paragraph.is_empty() => summary.clone(),
        paragraph => paragraph,
    };
    ReportingDescriptor {
        id: meta.id.to_owned(),
        name: pascal_case(meta.id),
        short_description: Some(MultiformatMessage::plain(cut(&summary, MAX_DESCRIPTION))),
        full_description: Some(MultiformatMessage::plain(cut(&full, MAX_DESCRIPTION))),
        default_configuration: Some(Configuration {
            enabled: meta.default,
            level: level(meta.severity),
            rank: Some(rank(meta.severity)),
        }),
        help_uri: meta.url().map(ToOwned::to_owned),
        help: Some(MultiformatMessage {
            text: help_text(meta, &prose),
            markdown: Some(meta.manual()),
        }),
        relationships: Vec::new(),
        properties: Some(properties(meta)),
    }
}

fn properties(meta: &Meta) -> RuleProperties {
    let security = if meta.security { security_severity(meta.severity) } else { None };
    let problem = match meta.severity {
        _ if security.is_some() => None,
        Severity::Critical | Severity::High => Some(Problem::Error),
        Severity::Medium => Some(Problem::Warning),
        Severity::Low | Severity::Info => Some(Problem::Recommendation),
    };
    let precision = match meta.confidence {
        Confidence::Certain => Precision::VeryHigh,
        Confidence::High => Precision::High,
        Confidence::Medium => Precision::Medium,
        Confidence::Low => Precision::Low,
    };
    RuleProperties {
        tags: tags(meta),
        precision: Some(precision),
        problem_severity: problem,
        security_severity: security.map(ToOwned::to_owned),
    }
}

fn tags(meta: &Meta) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut add = |tag: String| {
        if !tag.is_empty() && tags.len() < MAX_TAGS && !tags.contains(&tag) {
            tags.push(tag);
        }
    };
    if meta.security {
        add("security".to_owned());
    }
    add(meta.linter().to_owned());
    add(meta.group().to_owned());
    for number in meta.cwe {
        // One host looks for the first form, the other for the second.
        add(format!("external/cwe/cwe-{number:03}"));
        add(format!("CWE-{number}"));
    }
    tags
}

/// `memory-limit-missing` as `MemoryLimitMissing`; nothing for an id of one word, since a name must
/// not be the id again.
pub(crate) fn pascal_case(id: &str) -> Option<String> {
    let name = || id.split('-').map(capitalized).collect::<String>();
    id.contains('-').then(|| cut(&name(), MAX_NAME).into_owned())
}

/// Up to the first empty line, on one line.
fn first_paragraph(prose: &str) -> String {
    let lines = prose.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn help_text(meta: &Meta, prose: &str) -> String {
    let remedy = meta.remedy;
    let mut text = String::new();
    for part in [prose, remedy, &format!("`careen explain {}` shows examples.", meta.id)] {
        if !part.is_empty() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use careen_rule::Meta;

    use super::{descriptor, pascal_case, tags};
    use crate::sample::{MEMORY, TOKEN};

    #[test]
    fn descriptions_are_sentences() {
        let descriptor = descriptor(&MEMORY);
        let help = descriptor.help.unwrap();
        assert_eq!(help.markdown.unwrap(), MEMORY.manual());
        assert_eq!(descriptor.name.unwrap(), "MemoryLimitMissing");
        assert_eq!(pascal_case("privileged"), None);
        assert_eq!(descriptor.short_description.unwrap().text, "Container has no memory limit.");
        assert_eq!(
            descriptor.full_description.unwrap().text,
            "A container without a memory limit takes what the node has."
        );
    }

    #[test]
    fn tags_name_weaknesses_twice_and_are_few() {
        assert_eq!(
            tags(&TOKEN),
            ["security", "secrets", "tokens", "external/cwe/cwe-798", "CWE-798"]
        );
        let many = Meta { cwe: &[1, 2, 3, 4, 5, 6], ..MEMORY };
        assert_eq!(tags(&many).len(), 10);
    }
}

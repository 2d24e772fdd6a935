//! Rules of the driver and its extensions, as one list.

use std::collections::HashMap;

use serde_json::Value;

use super::value::{index, list, text, within, words};
use crate::{
    ComponentReference, Configuration, Level, MultiformatMessage, Precision, Problem, Relationship,
    ReportingDescriptor, RuleProperties, TaxonReference,
};

/// Tags of a rule or result.
const MAX_TAGS: usize = 50;
/// Classes of a rule.
const MAX_RELATIONSHIPS: usize = 50;

/// The rules of a run, by all the names that results have for them.
pub(super) struct Rules<'v> {
    pub(super) list: Vec<ReportingDescriptor>,
    values: Vec<&'v Value>,
    by_id: HashMap<String, usize>,
    /// The place of a rule in `list`, by component (the driver first) and place there.
    by_place: Vec<Vec<Option<usize>>>,
    names: Vec<&'v str>,
}

impl<'v> Rules<'v> {
    pub(super) fn of(tool: &'v Value) -> Self {
        let mut rules = Self {
            list: Vec::new(),
            values: Vec::new(),
            by_id: HashMap::new(),
            by_place: Vec::new(),
            names: Vec::new(),
        };
        let driver = tool.get("driver").into_iter();
        for component in driver.chain(list(tool, "extensions")) {
            let places = list(component, "rules").iter().map(|rule| rules.add(rule)).collect();
            rules.by_place.push(places);
            rules.names.push(text(component, "name").unwrap_or_default());
        }
        rules
    }

    fn add(&mut self, value: &'v Value) -> Option<usize> {
        let id = words(value, "id")?;
        // Of two rules with one id the first is meant.
        if let Some(&known) = self.by_id.get(&id) {
            return Some(known);
        }
        let place = self.list.len();
        self.by_id.insert(id.clone(), place);
        self.list.push(descriptor(id, value));
        self.values.push(value);
        Some(place)
    }

    /// The rule of a result, its place, and what the log says of it. What no component describes is a
    /// rule all the same.
    pub(super) fn of_result(&mut self, result: &Value) -> (String, usize, &'v Value) {
        let reference = &result["rule"];
        let id = words(result, "ruleId").or_else(|| words(reference, "id"));
        let component = &reference["toolComponent"];
        let component = index(component, "index").map(|index| index + 1).or_else(|| {
            let name = text(component, "name")?;
            self.names.iter().position(|known| *known == name)
        });
        let place = index(result, "ruleIndex").or_else(|| index(reference, "index"));
        let listed = place.and_then(|place| {
            let places = self.by_place.get(component.unwrap_or(0))?;
            places.get(place).copied().flatten()
        });
        let known = |place: usize| self.list.get(place).map(|rule| rule.id.as_str());
        let found = match (&id, listed) {
            // An id may say more than its rule's: `CA1000/1`.
            (Some(id), Some(place)) if known(place).is_some_and(|rule| is_under(id, rule)) => {
                Some(place)
            }
            (None, Some(place)) => Some(place),
            (Some(id), _) => self.by_id.get(id).copied().or_else(|| {
                let (rule, _) = id.rsplit_once('/')?;
                self.by_id.get(rule).copied()
            }),
            (None, None) => None,
        };
        let place = found.unwrap_or_else(|| {
            let id = id.clone().unwrap_or_else(|| "unnamed".to_owned());
            *self.by_id.entry(id.clone()).or_insert_with(|| {
                self.list.push(ReportingDescriptor { id, ..ReportingDescriptor::default() });
                self.values.push(&Value::Null);
                self.list.len() - 1
            })
        });
        let rule = self.list.get(place).map_or("", |rule| rule.id.as_str());
        let value = self.values.get(place).copied().unwrap_or(&Value::Null);
        (id.unwrap_or_else(|| rule.to_owned()), place, value)
    }
}

fn is_under(id: &str, rule: &str) -> bool {
    id.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A rule, or a kind of notification.
pub(super) fn descriptor(id: String, value: &Value) -> ReportingDescriptor {
    ReportingDescriptor {
        id,
        name: words(value, "name"),
        short_description: multiformat(value, "shortDescription"),
        full_description: multiformat(value, "fullDescription"),
        default_configuration: value.get("defaultConfiguration").map(configuration),
        help_uri: words(value, "helpUri"),
        help: multiformat(value, "help"),
        relationships: list(value, "relationships")
            .iter()
            .take(MAX_RELATIONSHIPS)
            .filter_map(relationship)
            .collect(),
        properties: value.get("properties").map(properties),
    }
}

/// Text of two forms; one that has only Markdown is its own plain text.
pub(super) fn multiformat(value: &Value, key: &str) -> Option<MultiformatMessage> {
    let value = value.get(key)?;
    let markdown = words(value, "markdown");
    let text = words(value, "text").or_else(|| markdown.clone())?;
    Some(MultiformatMessage { text, markdown })
}

fn configuration(value: &Value) -> Configuration {
    Configuration {
        enabled: value.get("enabled").and_then(Value::as_bool).unwrap_or(true),
        level: level(value).unwrap_or(Level::Warning),
        rank: within(value, "rank", 100.0),
    }
}

fn relationship(value: &Value) -> Option<Relationship> {
    let target = value.get("target")?;
    let component = target.get("toolComponent")?;
    let kinds = list(value, "kinds").iter().filter_map(Value::as_str);
    Some(Relationship {
        target: TaxonReference {
            id: words(target, "id")?,
            index: None,
            tool_component: ComponentReference { name: words(component, "name")?, index: None },
        },
        kinds: kinds.map(ToOwned::to_owned).collect(),
    })
}

fn properties(value: &Value) -> RuleProperties {
    RuleProperties {
        tags: tags(value),
        precision: match text(value, "precision") {
            Some("very-high") => Some(Precision::VeryHigh),
            Some("high") => Some(Precision::High),
            Some("medium") => Some(Precision::Medium),
            Some("low") => Some(Precision::Low),
            _ => None,
        },
        problem_severity: match text(value, "problem.severity") {
            Some("error") => Some(Problem::Error),
            Some("warning") => Some(Problem::Warning),
            Some("recommendation") => Some(Problem::Recommendation),
            _ => None,
        },
        security_severity: security_severity(value),
    }
}

/// The number as a string, also if it was written as a number, which hosts refuse.
pub(super) fn security_severity(value: &Value) -> Option<String> {
    let key = "security-severity";
    match text(value, key) {
        Some(text) => {
            let number: f64 = text.trim().parse().ok()?;
            (0.0..=10.0).contains(&number).then(|| text.trim().to_owned())
        }
        None => within(value, key, 10.0).map(|number| format!("{number:?}")),
    }
}

pub(super) fn tags(value: &Value) -> Vec<String> {
    let tags = list(value, "tags").iter().filter_map(Value::as_str);
    tags.filter(|tag| !tag.is_empty()).take(MAX_TAGS).map(ToOwned::to_owned).collect()
}

pub(super) fn level(value: &Value) -> Option<Level> {
    match text(value, "level")? {
        "error" => Some(Level::Error),
        "warning" => Some(Level::Warning),
        "note" => Some(Level::Note),
        "none" => Some(Level::None),
        _ => None,
    }
}

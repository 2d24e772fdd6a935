//! Names of rules, as people write them.

use std::collections::HashMap;

use careen_rule::Meta;
use careen_text::closest;
use thiserror::Error;

use crate::Config;
use crate::config::cut;
use crate::place::{Problem, Word};

/// What is wrong with what was asked for.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// A name in `--select`, `--ignore` or a profile that no rule answers to.
    #[error("{}", unknown(.name, .suggestion.as_deref()))]
    UnknownRule {
        /// As written.
        name: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// What does not hold in the configuration.
    #[error("the configuration does not hold:\n{}", lines(.0))]
    Configuration(Vec<Problem>),
}

fn unknown(name: &str, suggestion: Option<&str>) -> String {
    let hint = suggestion.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
    let name = cut(name);
    format!("no rule or group is called `{name}`{hint}; `careen rules` lists them")
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Whether a rule answers to a name: `all`, its linter, its `linter/group`, its id, an alias, a
/// peer's id, or the beginning of one with a star (`kube-linter:*`, `trivy:KSV-*`).
#[must_use]
pub fn answers(rule: &Meta, name: &str) -> bool {
    name == "all"
        || rule.linter() == name
        || name.split_once('/').is_some_and(|(linter, group)| {
            rule.linter() == linter && rule.group().replace('_', "-") == group
        })
        || name.strip_suffix('*').filter(|start| start.contains(':')).is_some_and(|start| {
            rule.peers.iter().any(|peer| {
                peer.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
            })
        })
        || rule.is_called(name)
}

/// Looks names up, each once.
pub(crate) struct Names<'r> {
    rules: &'r [&'static Meta],
    known: HashMap<String, Vec<&'static str>>,
}

impl<'r> Names<'r> {
    pub(crate) fn of(rules: &'r [&'static Meta]) -> Self {
        Self { rules, known: HashMap::new() }
    }

    /// The ids of the rules behind a name; an error if there are none.
    pub(crate) fn find(&mut self, name: &str) -> Result<&[&'static str], SelectionError> {
        let name = name.trim();
        if !self.known.contains_key(name) {
            let found = self.rules.iter().filter(|rule| answers(rule, name));
            self.known.insert(name.to_owned(), found.map(|rule| rule.id).collect());
        }
        match self.known.get(name) {
            Some(found) if !found.is_empty() => Ok(found),
            _ => Err(SelectionError::UnknownRule {
                name: name.to_owned(),
                suggestion: self.nearest(name),
            }),
        }
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let known = self.rules.iter().flat_map(|rule| {
            std::iter::once(rule.id).chain(rule.aliases.iter().copied()).chain([rule.linter()])
        });
        closest(name, known).map(str::to_owned)
    }
}

/// Mistakes that are told at once.
const MOST_TOLD: usize = 20;

/// Every name in a configuration that no rule, group or linter answers to.
#[must_use]
pub fn unknown_names(rules: &[&'static Meta], config: &Config) -> Vec<Problem> {
    let mut names = Names::of(rules);
    let mut problems = Vec::new();
    for (name, place) in words(config) {
        if problems.len() == MOST_TOLD {
            break;
        }
        if let Err(error) = names.find(name) {
            problems.push(Problem { place: place.clone(), message: error.to_string() });
        }
    }
    problems
}

/// Every name in a configuration.
fn words(config: &Config) -> impl Iterator<Item = &Word> {
    let overrides = config.overrides.iter().flat_map(|over| {
        let levels = over.severity.iter().map(|(name, _)| name);
        over.select.iter().chain(&over.ignore).chain(levels)
    });
    let ignored = config.ignored.iter().flat_map(|ignored| &ignored.rules);
    let levels = config.severity.iter().map(|(name, _)| name);
    let select = config.select.iter().flatten();
    select.chain(&config.ignore).chain(levels).chain(overrides).chain(ignored)
}

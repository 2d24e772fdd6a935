//! The controls: what is asked for, and what decides it.

mod decider;
mod generated;

use careen_checklist::Binding;
use careen_evidence::{Claim, Class};

pub use decider::{Binds, Decider, GitProbe, RuleSet, Wanted};

use crate::Subject;

/// What a control is.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Kebab-case id.
    pub id: String,
    /// What is asked for, in one line.
    pub title: String,
    /// Why it hurts in production to go without, in one sentence.
    pub why: String,
    /// The role that must act.
    pub owner: String,
    /// What must be there, so that the control applies.
    pub applies: Option<Subject>,
    /// What decides it.
    pub decider: Decider,
}

/// Every control that careen brings, by id.
#[must_use]
pub fn definitions() -> Vec<Definition> {
    let mut all = generated::all();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

impl Definition {
    /// The control that a binding on a line of a checklist makes, other than by a control's name.
    pub(crate) fn of_line(line: u32, text: &str, decider: Decider) -> Self {
        let owner = match &decider {
            Decider::SignOff { role, .. } => role.clone(),
            _ => "development".to_owned(),
        };
        Self {
            id: format!("line-{line}"),
            title: text.to_owned(),
            why: "The checklist asks for it.".to_owned(),
            owner,
            applies: None,
            decider,
        }
    }
}

/// The decider that a binding writes out; none for names and for `manual`.
pub(crate) fn decider_of(binding: &Binding) -> Option<Decider> {
    match binding {
        Binding::Named(_) | Binding::Manual => None,
        Binding::Evidence(demand) => Some(Decider::Evidence(Wanted {
            classes: demand.class.into_iter().collect(),
            kinds: demand.kind.into_iter().collect(),
            files: demand.files.clone(),
            suites: demand.suite.clone().into_iter().collect(),
            environment: demand.environment.clone(),
            claims: demand.claims.clone(),
            max_age: demand.max_age,
            binds: Binds::Content,
            only_against: false,
        })),
        Binding::SignOff { role, max_age } => {
            Some(Decider::SignOff { role: role.clone(), max_age: *max_age, binds: Binds::Nothing })
        }
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// A test reads every one of them, so none is lost.
fn claims(texts: &[&str]) -> Vec<Claim> {
    texts.iter().filter_map(|text| Claim::parse(text).ok()).collect()
}

fn classes(words: &[&str]) -> Vec<Class> {
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use careen_rule::control;

    use super::{Decider, definitions};

    #[test]
    fn every_control_that_rules_name_is_defined() {
        let named: BTreeSet<_> = control::ALL.iter().map(|control| control.id.to_owned()).collect();
        let defined: BTreeSet<_> = definitions().into_iter().map(|it| it.id).collect();
        assert_eq!(named, defined);
    }

    #[test]
    fn every_demand_asks_for_something() {
        fn look(id: &str, decider: &Decider) {
            match decider {
                Decider::Evidence(wanted) => {
                    assert!(!wanted.claims.is_empty(), "{id}");
                    assert!(!wanted.classes.is_empty(), "{id}");
                }
                Decider::All(parts) | Decider::Any(parts) => {
                    assert!(parts.len() > 1, "{id}");
                    parts.iter().for_each(|part| look(id, part));
                }
                _ => {}
            }
        }
        for definition in definitions() {
            look(&definition.id, &definition.decider);
        }
    }
}

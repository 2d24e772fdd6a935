//! From the lines of a checklist to the controls that decide them.

use std::collections::BTreeMap;

use careen_audit_model::Status;
use careen_checklist::{Binding, Candidate, Item, Proposer, words};
use careen_rule::{Meta, Severity};
use globset::GlobBuilder;

use crate::Subject;
use crate::control::{Decider, Definition, RuleSet, decider_of};
use crate::inputs::Inputs;

/// Proposals below this are not worth a reader's time.
const WORTH_TELLING: f64 = 0.3;

/// What decides an item.
#[derive(Clone, Debug)]
pub(crate) enum Bound<'a> {
    /// These controls.
    To {
        /// Controls there are.
        definitions: Vec<&'a Definition>,
        /// The control of the line itself.
        own: Option<Box<Definition>>,
    },
    /// Nobody but a person, for that reason.
    ByHand(String),
}

pub(crate) fn bound<'a>(item: &Item, inputs: &Inputs<'a>) -> Bound<'a> {
    let mut definitions: Vec<&Definition> = Vec::new();
    let mut own = Vec::new();
    for binding in &item.bindings {
        match binding {
            Binding::Manual => return Bound::ByHand(by_hand(item, inputs)),
            Binding::Named(name) => {
                if let Some(definition) = inputs.definitions.iter().find(|it| it.id == *name) {
                    definitions.push(definition);
                } else if let Some(rule) =
                    inputs.report.rules.iter().find(|rule| rule.is_called(name))
                {
                    own.push(Decider::Rules(rule_set(rule)));
                } else {
                    return Bound::ByHand(unknown(name, inputs));
                }
            }
            Binding::Evidence(_) | Binding::SignOff { .. } => own.extend(decider_of(binding)),
        }
    }
    if definitions.is_empty() && own.is_empty() {
        return Bound::ByHand("Nothing decides it: bind it with `careen audit bind`.".to_owned());
    }
    let own = match own.len() {
        0 => None,
        1 => own.pop(),
        _ => Some(Decider::All(own)),
    };
    let own = own.map(|decider| Box::new(Definition::of_line(item.bare_line, &item.text, decider)));
    Bound::To { definitions, own }
}

/// Why an item is bound to nobody but a person: its owners want it so, or what they wrote means nothing.
fn by_hand(item: &Item, inputs: &Inputs<'_>) -> String {
    let checklist = inputs.checklist;
    let is_here = |trouble: &&careen_checklist::Trouble| {
        trouble.line == item.line && *trouble.path == *checklist.source.path()
    };
    match checklist.troubles.iter().find(is_here) {
        Some(trouble) => format!("Its binding cannot be taken: {}.", trouble.message),
        None => "The checklist says that a person must look at it.".to_owned(),
    }
}

/// The rules that run because an item names them though they are off.
#[must_use]
pub fn named_rules(item: &Item, rules: &[&'static Meta]) -> Vec<&'static str> {
    let named = item.bindings.iter().filter_map(|binding| match binding {
        Binding::Named(name) => rules.iter().find(|rule| rule.is_called(name)).map(|it| it.id),
        _ => None,
    });
    named.collect()
}

/// One rule decides, over what its linter looks at.
fn rule_set(rule: &Meta) -> RuleSet {
    let over = match rule.linter() {
        "kubernetes" => Subject::Objects,
        "images" => Subject::Images,
        "tls" => Subject::CertificatesOrHosts,
        "observability" => Subject::Workloads,
        "release" => Subject::Documents,
        _ => Subject::Repository,
    };
    RuleSet { over, also: vec![rule.id.to_owned()], security: false, at_least: Severity::Info }
}

/// What a name that is neither a control nor a rule may have been meant to be.
pub(crate) fn unknown(name: &str, inputs: &Inputs<'_>) -> String {
    let controls = inputs.definitions.iter().map(|definition| definition.id.as_str());
    let rules = inputs.report.rules.iter().map(|rule| rule.id);
    match careen_text::closest(name, controls.chain(rules)) {
        Some(near) => {
            format!("`{name}` is neither a control nor a rule (did you mean `{near}`?).")
        }
        None => format!("`{name}` is neither a control nor a rule."),
    }
}

/// What guesses at the meaning of unbound items.
pub(crate) fn proposer(definitions: &[Definition]) -> Proposer {
    let candidates: Vec<_> = definitions
        .iter()
        .map(|definition| Candidate {
            id: &definition.id,
            title: &definition.title,
            words: words(&definition.id),
        })
        .collect();
    Proposer::new(&candidates)
}

/// What the words of an unbound item may mean.
pub(crate) fn proposals(item: &Item, proposer: &Proposer) -> Vec<String> {
    if !item.bindings.is_empty() {
        return Vec::new();
    }
    let worth = proposer.propose(item).into_iter();
    let worth = worth.filter(|proposal| proposal.confidence >= WORTH_TELLING);
    worth.map(|proposal| proposal.control).collect()
}

/// The worst of several statuses; what does not apply decides nothing beside what does.
pub(crate) fn worst(statuses: impl Iterator<Item = Status>) -> Status {
    statuses.max().unwrap_or(Status::Manual)
}

/// Whether a glob fits a path; one that is malformed fits nothing.
pub(crate) fn matches(glob: &str, path: &str) -> bool {
    let glob = GlobBuilder::new(glob).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

/// Controls in the order in which they were first asked for.
#[derive(Debug, Default)]
pub(crate) struct Order {
    places: BTreeMap<String, usize>,
}

impl Order {
    /// The place of a control, and whether it is new.
    pub(crate) fn place(&mut self, id: &str) -> (usize, bool) {
        let next = self.places.len();
        match self.places.get(id) {
            Some(place) => (*place, false),
            None => {
                self.places.insert(id.to_owned(), next);
                (next, true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_audit_model::Status;

    use super::{matches, worst};

    #[test]
    fn what_does_not_apply_decides_nothing_beside_what_does() {
        use Status::{Fail, NotApplicable, Pass};
        assert_eq!(worst([Pass, NotApplicable].into_iter()), Pass);
        assert_eq!(worst([NotApplicable].into_iter()), NotApplicable);
        assert_eq!(worst([Pass, Fail].into_iter()), Fail);
        assert_eq!(worst([].into_iter()), Status::Manual);
    }

    #[test]
    fn globs_keep_to_their_folder() {
        assert!(matches("perf/*.json", "perf/k6.json"));
        assert!(!matches("perf/*.json", "perf/a/k6.json"));
        assert!(matches("**/*.json", "perf/a/k6.json"));
        assert!(!matches("[", "["));
    }
}

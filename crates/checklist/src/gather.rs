//! What several comments or entries say of one item, taken together.

use careen_audit_model::Phase;

use crate::Binding;
use crate::grammar::Said;

/// What binds an item.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    bindings: Vec<Binding>,
    phase: Option<Phase>,
    is_spoiled: bool,
}

impl Gathered {
    /// Adds what a comment says, and tells what is wrong with that: bytes in front of it, and why.
    pub(crate) fn add(&mut self, said: &Said) -> Vec<(usize, String)> {
        let mut problems: Vec<_> =
            said.problems.iter().map(|problem| (problem.at, problem.message.clone())).collect();
        self.is_spoiled |= !problems.is_empty();
        for binding in &said.bindings {
            let is_manual = *binding == Binding::Manual;
            if self.bindings.contains(binding) {
                problems.push((0, format!("{} twice: take one away", shown(binding))));
            } else if self.bindings.iter().any(|it| (*it == Binding::Manual) != is_manual) {
                self.is_spoiled = true;
                problems.push((
                    0,
                    "the item is `manual` and bound to something else: take one away".to_owned(),
                ));
            } else {
                self.bindings.push(binding.clone());
            }
        }
        match (self.phase, said.phase) {
            (Some(before), Some(phase)) if before != phase => {
                problems.push((0, "the item has two phases: take one away".to_owned()));
            }
            (None, phase) => self.phase = phase,
            _ => {}
        }
        problems
    }

    /// What binds the item. Where anything is wrong nothing may pass: a person looks at it.
    pub(crate) fn bindings(self) -> Vec<Binding> {
        if self.is_spoiled { vec![Binding::Manual] } else { self.bindings }
    }

    /// When the item can be known, if it says so itself.
    pub(crate) const fn phase(&self) -> Option<Phase> {
        self.phase
    }

    /// Whether it says what decides the item, or tries to.
    pub(crate) fn is_bound(&self) -> bool {
        self.is_spoiled || !self.bindings.is_empty()
    }
}

fn shown(binding: &Binding) -> String {
    match binding {
        Binding::Named(name) => format!("the item is bound to `{name}`"),
        Binding::Evidence(_) => "the item asks for the same evidence".to_owned(),
        Binding::SignOff { role, .. } => format!("the item asks for a sign-off of `{role}`"),
        Binding::Manual => "the item is `manual`".to_owned(),
    }
}

//! Taking away suppressions that cover nothing.

use std::collections::BTreeMap;

use careen_policy::answers;
use careen_rule::{Edit, Meta, Safety};
use careen_text::{Source, Span};

use super::directive::names_in;
use super::{Covers, cut};

/// How a suppression can be taken away.
pub(super) struct Way {
    /// The bytes that say it.
    pub(super) said: Span,
    /// How many names it gives.
    pub(super) names: usize,
    /// What takes all of it away, if it is ours and that is sure.
    pub(super) removal: Option<Edit>,
}

/// A suppression that can be taken away.
pub(crate) struct Removal {
    pub(crate) edits: Vec<Edit>,
    /// One that covers nothing changes nothing. One whose day is over may be wanted still.
    pub(crate) safety: Safety,
    /// Its names, to know it again.
    pub(crate) name: String,
}

impl Covers {
    /// Says which suppressions covered nothing although a rule they name was `asked` for, and how
    /// they can be taken away: to be called when all findings of the file were looked up.
    ///
    /// `is_sure` says of a name whether every rule that answers to it has had its say; `is_ours`,
    /// whether the file is one that people mend here.
    pub(crate) fn tell_unused(
        &mut self,
        source: &Source,
        asked: &[&'static Meta],
        is_sure: &dyn Fn(&str) -> bool,
        is_ours: bool,
    ) -> Vec<Removal> {
        let mut unused: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for entry in std::mem::take(&mut self.entries) {
            if entry.used.get() || !asked.iter().any(|rule| answers(rule, &entry.name)) {
                continue;
            }
            let way = self.ways.get(entry.suppression);
            let can_go =
                is_ours && way.is_some_and(|way| way.removal.is_some()) && is_sure(&entry.name);
            let name = cut(&entry.name);
            let remedy = if can_go { "`--fix` removes it" } else { "remove it" };
            let message = format!("the suppression of `{name}` covers no finding: {remedy}");
            self.note(source, entry.said, message);
            if can_go {
                unused.entry(entry.suppression).or_default().push((entry.number, entry.name));
            }
        }
        let mut removals = Vec::new();
        for (suppression, names) in unused {
            let numbers: Vec<usize> = names.iter().map(|(number, _)| *number).collect();
            let edit = self.ways.get(suppression).and_then(|way| way.without(&numbers, source));
            let name: Vec<String> = names.into_iter().map(|(_, name)| name).collect();
            removals.extend(edit.map(|edit| Removal {
                edits: vec![edit],
                safety: Safety::Safe,
                name: name.join(","),
            }));
        }
        let expired = std::mem::take(&mut self.expired).into_iter().filter(|_| is_ours);
        removals.extend(expired.map(|edit| Removal {
            edits: vec![edit],
            safety: Safety::Unsafe,
            name: "expired".to_owned(),
        }));
        removals
    }
}

impl Way {
    /// Takes the names with these numbers out, or all of it if no other is left.
    fn without(&self, numbers: &[usize], source: &Source) -> Option<Edit> {
        if numbers.len() >= self.names {
            return self.removal.clone();
        }
        let (span, names) = names_in(source.slice(self.said))?;
        let kept: Vec<&str> = names
            .iter()
            .enumerate()
            .filter(|(number, _)| !numbers.contains(number))
            .map(|(_, name)| *name)
            .collect();
        let start = self.said.start + Span::of(0..span.start).end;
        let end = self.said.start + Span::of(0..span.end).end;
        let edit = Edit { span: Span::new(start, end), text: kept.join(", ") };
        (names.len() == self.names).then_some(edit)
    }
}

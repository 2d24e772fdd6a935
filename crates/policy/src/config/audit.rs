//! The value of `audit`.

use careen_yaml::Node;

use super::{word, words};
use crate::place::Word;

/// What `careen audit` is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditConfig {
    /// The checklist, relative to the file that names it.
    pub checklist: Option<Word>,
    /// The bindings of its items, relative to the file that names them.
    pub bindings: Option<Word>,
    /// Files and folders with reports, relative to the file that names them.
    pub evidence: Vec<Word>,
    /// Who may sign, relative to the file that names it.
    pub signers: Option<Word>,
    /// What is different about single controls.
    pub controls: Vec<AuditControl>,
}

/// What is different about a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditControl {
    /// Its id.
    pub control: Word,
    /// What reports must say: `line-coverage>=85%`.
    pub claims: Vec<Word>,
    /// How old evidence may be: `30d`.
    pub max_age: Option<Word>,
    /// Why it does not apply.
    pub not_applicable: Option<Word>,
}

impl AuditConfig {
    pub(super) fn read(value: Option<Node<'_>>) -> Self {
        let Some(value) = value else { return Self::default() };
        let controls = value.get("controls").into_iter().flat_map(|list| list.items());
        let read = |item: Node<'_>| {
            Some(AuditControl {
                control: item.get("control").and_then(word)?,
                claims: words(item.get("claims")),
                max_age: item.get("max-age").and_then(word),
                not_applicable: item.get("not-applicable").and_then(word),
            })
        };
        Self {
            checklist: value.get("checklist").and_then(word),
            bindings: value.get("bindings").and_then(word),
            evidence: words(value.get("evidence")),
            signers: value.get("signers").and_then(word),
            controls: controls.filter_map(read).collect(),
        }
    }

    /// This over what an extended file says: a single value takes the other's place, lists go behind the
    /// other's, so that the last word on a control is this file's.
    pub(super) fn over(self, base: Self) -> Self {
        let mut evidence = base.evidence;
        evidence.extend(self.evidence);
        let mut controls = base.controls;
        controls.extend(self.controls);
        Self {
            checklist: self.checklist.or(base.checklist),
            bindings: self.bindings.or(base.bindings),
            evidence,
            signers: self.signers.or(base.signers),
            controls,
        }
    }
}

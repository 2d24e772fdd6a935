//! Items of `ignore` that suppress findings and say why.

use careen_rule::Day;
use careen_yaml::Node;

use super::{word, words};
use crate::place::{Place, Word};

/// Findings that do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// Rules, groups or linters; at least one.
    pub rules: Vec<Word>,
    /// Globs of the paths it holds for; all if empty.
    pub paths: Vec<Word>,
    /// Patterns of the objects it holds for; all if empty.
    pub objects: Vec<Word>,
    /// Why.
    pub reason: Option<Word>,
    /// Who answers for it.
    pub owner: Option<Word>,
    /// The last day it holds, and as it is written.
    pub expires: Option<(Day, Word)>,
    /// Where the item begins.
    pub place: Place,
}

impl Ignored {
    /// Reads an item; `None` if it names no rule, which has been told.
    pub(super) fn read(item: Node<'_>) -> Option<Self> {
        let mut rules = words(item.get("rules"));
        rules.extend(item.get("rule").and_then(word));
        if rules.is_empty() {
            return None;
        }
        let expires = item.get("expires").and_then(|value| {
            let text = value.text()?;
            Some((Day::parse(text)?, (text.to_owned(), Place::of(value))))
        });
        Some(Self {
            rules,
            paths: words(item.get("paths")),
            objects: words(item.get("objects")),
            reason: item.get("reason").and_then(word),
            owner: item.get("owner").and_then(word),
            expires,
            place: Place::of(item),
        })
    }
}

//! The list of what does not count, resolved against the rules there are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use careen_rule::{Day, Meta, ObjectPath, fits};

use crate::config::cut;
use crate::demands::Requirements;
use crate::globs::{Anchor, Patterns};
use crate::names::{Names, SelectionError};
use crate::place::Place;
use crate::{Config, Selection};

/// Items of `ignore` that suppress findings.
#[derive(Clone, Debug, Default)]
pub struct Ignores {
    entries: Vec<IgnoreEntry>,
    /// For each rule, which entries name it.
    by_rule: BTreeMap<&'static str, Vec<usize>>,
    patterns: Patterns,
    /// For each of the patterns, which entry it is of.
    entry_of: Vec<usize>,
    anchor: Anchor,
}

/// An item of `ignore`.
#[derive(Clone, Debug)]
pub struct IgnoreEntry {
    /// The names it gives, for messages.
    pub names: String,
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds, and as it is written.
    pub expires: Option<(Day, String)>,
    /// What is required of it and missing, as a list; it does not hold then.
    pub lacking: Option<String>,
    rules: Vec<&'static str>,
    anywhere: bool,
    objects: Vec<String>,
}

impl IgnoreEntry {
    /// Whether it says all it must, and its last day is not over.
    #[must_use]
    pub fn holds(&self, now: i64) -> bool {
        self.lacking.is_none() && self.days_expired(now).is_none()
    }

    /// How many days it is over.
    #[must_use]
    pub fn days_expired(&self, now: i64) -> Option<i64> {
        self.expires.as_ref()?.0.days_since(now)
    }

    fn covers(&self, object: Option<&ObjectPath>) -> bool {
        self.objects.is_empty()
            || object.is_some_and(|object| self.objects.iter().any(|it| is_object(it, object)))
    }

    /// Whether every rule that it could cover took part, so that it is known to cover nothing.
    #[must_use]
    pub fn is_tried(&self, selection: &Selection, enabled: &BTreeSet<&'static str>) -> bool {
        let mut some = false;
        self.rules.iter().all(|rule| {
            let takes_part = enabled.contains(rule);
            some |= takes_part;
            takes_part || !selection.is_configured(rule)
        }) && some
    }
}

/// `Kind/namespace/name`, or `Kind/name` in any namespace.
fn is_object(pattern: &str, object: &ObjectPath) -> bool {
    let mut parts = pattern.split('/');
    let (Some(kind), Some(second)) = (parts.next(), parts.next()) else { return false };
    let (namespace, name) = match parts.next() {
        Some(name) => (second, name),
        None => ("*", second),
    };
    fits(kind, &object.kind)
        && fits(namespace, object.namespace.as_deref().unwrap_or_default())
        && fits(name, &object.name)
}

impl Ignores {
    pub(crate) fn resolve(
        names: &mut Names<'_>,
        config: &Config,
        requirements: Requirements,
    ) -> Result<Self, SelectionError> {
        let mut all = Self { anchor: config.anchor.clone(), ..Self::default() };
        for ignored in &config.ignored {
            let at = all.entries.len();
            let mut rules = BTreeSet::new();
            for (name, _) in &ignored.rules {
                rules.extend(names.find(name)?);
            }
            for &rule in &rules {
                all.by_rule.entry(rule).or_default().push(at);
            }
            all.entry_of.resize(all.entry_of.len() + ignored.paths.len(), at);
            let written: Vec<_> =
                ignored.rules.iter().take(3).map(|(name, _)| format!("`{}`", cut(name))).collect();
            let more = if ignored.rules.len() > written.len() { " and others" } else { "" };
            let text = |word: &Option<(String, Place)>| word.as_ref().map(|(text, _)| text.clone());
            all.entries.push(IgnoreEntry {
                names: format!("{}{more}", written.join(", ")),
                place: ignored.place.clone(),
                reason: text(&ignored.reason),
                owner: text(&ignored.owner),
                expires: ignored.expires.as_ref().map(|(day, (text, _))| (*day, text.clone())),
                lacking: requirements.lacking(
                    ignored.reason.is_some(),
                    ignored.owner.is_some(),
                    ignored.expires.is_some(),
                ),
                rules: rules.into_iter().collect(),
                anywhere: ignored.paths.is_empty(),
                objects: ignored.objects.iter().map(|(text, _)| text.clone()).collect(),
            });
        }
        let paths = config.ignored.iter().flat_map(|ignored| &ignored.paths);
        all.patterns = config
            .anchor
            .set(paths)
            .map_err(|problem| SelectionError::Configuration(vec![problem]))?;
        Ok(all)
    }

    /// The entries, in the order in which they count.
    #[must_use]
    pub fn entries(&self) -> &[IgnoreEntry] {
        &self.entries
    }

    /// What the list says about findings of one path, at a moment in Unix seconds.
    #[must_use]
    pub fn of_path(&self, path: &str, now: i64) -> IgnoresOfPath<'_> {
        let mut covering = Vec::new();
        if !self.patterns.is_empty() {
            let found = self.patterns.covering(&self.anchor.absolute(path));
            covering.extend(found.iter().filter_map(|at| self.entry_of.get(*at).copied()));
            covering.dedup();
        }
        IgnoresOfPath { ignores: self, covering, now, used: RefCell::default() }
    }
}

/// What the list says about findings of one path.
#[derive(Debug)]
pub struct IgnoresOfPath<'i> {
    ignores: &'i Ignores,
    /// Entries with paths that cover this one.
    covering: Vec<usize>,
    now: i64,
    used: RefCell<BTreeSet<usize>>,
}

impl<'i> IgnoresOfPath<'i> {
    /// The first entry that holds for a finding.
    #[must_use]
    pub fn find(&self, rule: &Meta, object: Option<&ObjectPath>) -> Option<&'i IgnoreEntry> {
        let named = self.ignores.by_rule.get(rule.id)?;
        let (at, entry) = named.iter().find_map(|at| {
            let entry = self.ignores.entries.get(*at)?;
            let here = entry.anywhere || self.covering.binary_search(at).is_ok();
            (here && entry.covers(object) && entry.holds(self.now)).then_some((*at, entry))
        })?;
        self.used.borrow_mut().insert(at);
        Some(entry)
    }

    /// The entries that held for something.
    #[must_use]
    pub fn used(self) -> BTreeSet<usize> {
        self.used.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use careen_rule::ObjectPath;

    use super::is_object;

    #[test]
    fn objects_are_kind_namespace_and_name() {
        let object = |namespace: Option<&str>| ObjectPath {
            api_version: "apps/v1".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: namespace.map(str::to_owned),
            name: "api".to_owned(),
            container: None,
            field: None,
        };
        for (pattern, in_shop, in_none) in [
            ("Deployment/shop/api", true, false),
            ("Deployment/*/api", true, true),
            ("Deployment/api", true, true),
            ("*/shop/*", true, false),
            ("Deploy*/sh*/a*i", true, false),
            ("Deployment/shop", false, false),
            ("deployment/api", false, false),
            ("Pod/api", false, false),
        ] {
            assert_eq!(is_object(pattern, &object(Some("shop"))), in_shop, "{pattern}");
            assert_eq!(is_object(pattern, &object(None)), in_none, "{pattern}");
        }
    }
}

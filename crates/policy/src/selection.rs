//! Which rules count, how much, for which path, and who says so.

use std::collections::{BTreeMap, BTreeSet};

use careen_rule::{Meta, Severity};

use crate::demands::Requirements;
use crate::globs::{Anchor, Patterns};
use crate::ignores::Ignores;
use crate::names::{Names, SelectionError, unknown_names};
use crate::place::{Place, Word};
use crate::{Config, Profile};

/// Who decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The rule itself.
    Default,
    /// The profile of this name.
    Profile(&'static str),
    /// A word of the configuration.
    Configuration(Place),
    /// The command line.
    CommandLine,
}

/// What one speaker says.
#[derive(Clone, Debug, Default)]
struct Layer {
    /// Set if rules that are not named are off.
    replaces: Option<Because>,
    enabled: BTreeMap<&'static str, (bool, Because)>,
    levels: BTreeMap<&'static str, (Severity, Because)>,
}

impl Layer {
    /// What is selected replaces what counted so far; then what is ignored goes.
    fn choose<'n>(
        &mut self,
        names: &mut Names<'_>,
        select: impl IntoIterator<Item = (&'n str, Because)>,
        ignore: impl IntoIterator<Item = (&'n str, Because)>,
    ) -> Result<(), SelectionError> {
        for (name, because) in select {
            if self.replaces.is_none() {
                self.enabled.clear();
                self.replaces = Some(because.clone());
            }
            self.set(names, name, true, &because)?;
        }
        for (name, because) in ignore {
            self.set(names, name, false, &because)?;
        }
        Ok(())
    }

    fn set(
        &mut self,
        names: &mut Names<'_>,
        name: &str,
        enabled: bool,
        because: &Because,
    ) -> Result<(), SelectionError> {
        for rule in names.find(name)? {
            self.enabled.insert(rule, (enabled, because.clone()));
        }
        Ok(())
    }

    fn level(
        &mut self,
        names: &mut Names<'_>,
        name: &str,
        level: Severity,
        because: &Because,
    ) -> Result<(), SelectionError> {
        for rule in names.find(name)? {
            self.levels.insert(rule, (level, because.clone()));
        }
        Ok(())
    }

    /// Whether a rule is on and who says so, if this speaker says anything.
    fn decides(&self, rule: &str) -> Option<(bool, &Because)> {
        let named = self.enabled.get(rule).map(|(enabled, because)| (*enabled, because));
        named.or_else(|| self.replaces.as_ref().map(|because| (false, because)))
    }
}

/// Which rules count, and how much.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The profile and the configuration.
    base: Layer,
    /// What holds for some paths only.
    overrides: Vec<Layer>,
    patterns: Patterns,
    /// For each of the patterns, which override it is of.
    override_of: Vec<usize>,
    command: Layer,
    anchor: Anchor,
    ignores: Ignores,
    requirements: Requirements,
}

impl Selection {
    /// The same with these rules on, unless the configuration or the command line takes one of them out
    /// by name: an audit asks for what a check leaves alone.
    #[must_use]
    pub fn with(mut self, rules: &[&'static Meta], asked: &BTreeSet<&str>) -> Self {
        for rule in rules.iter().filter(|rule| asked.contains(rule.id)) {
            let refused = |layer: &Layer| {
                layer.enabled.get(rule.id).is_some_and(|(enabled, because)| {
                    !enabled && !matches!(because, Because::Default | Because::Profile(_))
                })
            };
            if refused(&self.base) || refused(&self.command) {
                continue;
            }
            self.command.enabled.insert(rule.id, (true, Because::CommandLine));
        }
        self
    }

    /// Resolves a profile, a configuration and the command line against the rules there are.
    /// Later words win: profile, configuration, its overrides, command line; in each, what is
    /// ignored after what is selected. `select` on the command line or in the configuration replaces
    /// what came before it, also what was ignored there.
    ///
    /// # Errors
    ///
    /// Names what in the configuration does not hold, or the first word of the command line that no
    /// rule, group or linter answers to.
    pub fn resolve(
        rules: &[&'static Meta],
        profile: &Profile,
        config: &Config,
        select: &[String],
        ignore: &[String],
    ) -> Result<Self, SelectionError> {
        let unknown = unknown_names(rules, config);
        if !unknown.is_empty() {
            return Err(SelectionError::Configuration(unknown));
        }
        let mut names = Names::of(rules);
        let names = &mut names;
        let mut base = of_profile(rules, profile, names)?;
        base.choose(names, said(config.select.iter().flatten()), said(&config.ignore))?;
        for ((name, place), level) in &config.severity {
            base.level(names, name, *level, &Because::Configuration(place.clone()))?;
        }
        let mut overrides = Vec::with_capacity(config.overrides.len());
        let mut override_of = Vec::new();
        for (at, over) in config.overrides.iter().enumerate() {
            let mut layer = Layer::default();
            layer.choose(names, said(&over.select), said(&over.ignore))?;
            for ((name, place), level) in &over.severity {
                layer.level(names, name, *level, &Because::Configuration(place.clone()))?;
            }
            overrides.push(layer);
            override_of.resize(override_of.len() + over.paths.len(), at);
        }
        let patterns = config
            .anchor
            .set(config.overrides.iter().flat_map(|over| &over.paths))
            .map_err(|problem| SelectionError::Configuration(vec![problem]))?;
        let mut command = Layer::default();
        let own = |name| (String::as_str(name), Because::CommandLine);
        command.choose(names, select.iter().map(own), ignore.iter().map(own))?;
        let requirements = config.demands.resolve(profile.suppressions);
        let ignores = Ignores::resolve(names, config, requirements)?;
        let anchor = config.anchor.clone();
        Ok(Self { base, overrides, patterns, override_of, command, anchor, ignores, requirements })
    }

    /// Whether findings of the rule count for some path.
    #[must_use]
    pub fn is_enabled(&self, rule: &Meta) -> bool {
        match self.command.decides(rule.id) {
            Some((enabled, _)) => enabled,
            None => self.is_configured(rule.id),
        }
    }

    /// Whether they would without the command line.
    pub(crate) fn is_configured(&self, rule: &str) -> bool {
        let mut layers = self.overrides.iter().chain([&self.base]);
        layers.any(|layer| layer.enabled.get(rule).is_some_and(|(enabled, _)| *enabled))
    }

    /// What holds for a path of findings.
    #[must_use]
    pub fn of_path(&self, path: &str) -> SelectionOfPath<'_> {
        let mut covering: Vec<usize> = Vec::new();
        if !self.patterns.is_empty() {
            let found = self.patterns.covering(&self.anchor.absolute(path));
            covering.extend(found.iter().filter_map(|at| self.override_of.get(*at).copied()));
            covering.dedup();
        }
        let overrides = covering.iter().rev().filter_map(|at| self.overrides.get(*at)).collect();
        SelectionOfPath { selection: self, overrides }
    }

    /// The list of what does not count.
    #[must_use]
    pub fn ignores(&self) -> &Ignores {
        &self.ignores
    }

    /// What a suppression must say.
    #[must_use]
    pub fn requirements(&self) -> Requirements {
        self.requirements
    }
}

/// Which rules count for one path, and how much.
#[derive(Clone, Debug)]
pub struct SelectionOfPath<'s> {
    selection: &'s Selection,
    /// Those that cover the path, the last one first.
    overrides: Vec<&'s Layer>,
}

impl SelectionOfPath<'_> {
    /// Whether findings of the rule count.
    #[must_use]
    pub fn is_enabled(&self, rule: &Meta) -> bool {
        self.decision(rule).0
    }

    /// Whether something holds for this path that does not for all.
    #[must_use]
    pub fn is_special(&self) -> bool {
        !self.overrides.is_empty()
    }

    /// Whether findings of the rule count, and who says so.
    #[must_use]
    pub fn decision(&self, rule: &Meta) -> (bool, &Because) {
        let layers = [&self.selection.command].into_iter();
        layers
            .chain(self.overrides.iter().copied())
            .chain([&self.selection.base])
            .find_map(|layer| layer.decides(rule.id))
            .unwrap_or((false, &Because::Default))
    }

    /// The severity the user gave the rule.
    #[must_use]
    pub fn severity(&self, rule: &Meta) -> Option<Severity> {
        self.level(rule).map(|(level, _)| level)
    }

    /// The severity the user gave the rule, and where.
    #[must_use]
    pub fn level(&self, rule: &Meta) -> Option<(Severity, &Because)> {
        let layers = self.overrides.iter().copied().chain([&self.selection.base]);
        let mut said = layers.filter_map(|layer| layer.levels.get(rule.id));
        said.next().map(|(level, because)| (*level, because))
    }
}

fn of_profile(
    rules: &[&'static Meta],
    profile: &Profile,
    names: &mut Names<'_>,
) -> Result<Layer, SelectionError> {
    let mut layer = Layer::default();
    let by_profile = Because::Profile(profile.name);
    for rule in rules {
        let because =
            if profile.all || !profile.only.is_empty() { &by_profile } else { &Because::Default };
        let enabled = profile.only.is_empty() && (rule.default || profile.all);
        layer.enabled.insert(rule.id, (enabled, because.clone()));
    }
    for name in profile.only.iter().chain(profile.enable) {
        layer.set(names, name, true, &by_profile)?;
    }
    for name in profile.disable {
        layer.set(names, name, false, &by_profile)?;
    }
    for &(name, level) in profile.severity {
        let level = level.parse().unwrap_or(Severity::Medium);
        layer.level(names, name, level, &by_profile)?;
    }
    Ok(layer)
}

fn said<'w>(words: impl IntoIterator<Item = &'w Word>) -> impl Iterator<Item = (&'w str, Because)> {
    words.into_iter().map(|(name, place)| (name.as_str(), Because::Configuration(place.clone())))
}

#[cfg(test)]
mod tests;

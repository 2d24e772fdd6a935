use std::collections::BTreeMap;

use careen_rule::{Meta, Severity};
use thiserror::Error;

use careen_text::closest;

use crate::{Config, Profile};

/// A name that no rule answers to.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SelectionError {
    /// The name in `--select`, `--ignore`, a profile or the configuration.
    #[error("no rule or group is called `{name}`{}; `careen rules` lists them", hint(.suggestion))]
    UnknownRule {
        /// As written.
        name: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
}

fn hint(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

/// Which rules count, and how much.
#[derive(Clone, Debug)]
pub struct Selection {
    levels: BTreeMap<&'static str, Severity>,
    enabled: BTreeMap<&'static str, bool>,
}

impl Selection {
    /// Resolves a profile, a configuration and the command line against the rules there are.
    /// Later words win: profile, configuration, command line; in each, what is ignored after what
    /// is selected. `select` on the command line or in the configuration replaces what came before
    /// it, also what was ignored there.
    ///
    /// # Errors
    ///
    /// Names the first word that no rule, group or linter answers to.
    pub fn resolve(
        rules: &[&'static Meta],
        profile: &Profile,
        config: &Config,
        select: &[String],
        ignore: &[String],
    ) -> Result<Self, SelectionError> {
        let mut selection = Self {
            levels: BTreeMap::new(),
            enabled: rules
                .iter()
                .map(|rule| (rule.id, profile.only.is_empty() && (rule.default || profile.all)))
                .collect(),
        };
        for name in profile.only {
            selection.set(rules, name, true)?;
        }
        for name in profile.enable {
            selection.set(rules, name, true)?;
        }
        for name in profile.disable {
            selection.set(rules, name, false)?;
        }
        for &(name, level) in profile.severity {
            let level = level.parse().unwrap_or(Severity::Medium);
            selection.level(rules, name, level)?;
        }
        selection.choose(rules, &config.select, &config.ignore)?;
        selection.choose(rules, select, ignore)?;
        for (name, level) in &config.severity {
            selection.level(rules, name, *level)?;
        }
        Ok(selection)
    }

    /// Whether findings of the rule count.
    #[must_use]
    pub fn is_enabled(&self, rule: &Meta) -> bool {
        self.enabled.get(rule.id).copied().unwrap_or(false)
    }

    /// The severity the user gave the rule.
    #[must_use]
    pub fn severity(&self, rule: &Meta) -> Option<Severity> {
        self.levels.get(rule.id).copied()
    }

    /// What is selected replaces what counted so far; then what is ignored goes.
    fn choose(
        &mut self,
        rules: &[&'static Meta],
        select: &[String],
        ignore: &[String],
    ) -> Result<(), SelectionError> {
        if !select.is_empty() {
            self.enabled.values_mut().for_each(|enabled| *enabled = false);
        }
        for name in select {
            self.set(rules, name, true)?;
        }
        for name in ignore {
            self.set(rules, name, false)?;
        }
        Ok(())
    }

    fn set(
        &mut self,
        rules: &[&'static Meta],
        name: &str,
        enabled: bool,
    ) -> Result<(), SelectionError> {
        for rule in named(rules, name)? {
            self.enabled.insert(rule.id, enabled);
        }
        Ok(())
    }

    fn level(
        &mut self,
        rules: &[&'static Meta],
        name: &str,
        level: Severity,
    ) -> Result<(), SelectionError> {
        for rule in named(rules, name)? {
            self.levels.insert(rule.id, level);
        }
        Ok(())
    }
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

/// The rules behind a name.
fn named(rules: &[&'static Meta], name: &str) -> Result<Vec<&'static Meta>, SelectionError> {
    let name = name.trim();
    let found: Vec<_> = rules.iter().copied().filter(|rule| answers(rule, name)).collect();
    if found.is_empty() {
        let known = rules.iter().flat_map(|rule| {
            std::iter::once(rule.id).chain(rule.aliases.iter().copied()).chain([rule.linter()])
        });
        let suggestion = closest(name, known).map(str::to_owned);
        return Err(SelectionError::UnknownRule { name: name.to_owned(), suggestion });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use careen_rule::{Meta, Severity};

    use super::{Selection, SelectionError};
    use crate::{Config, Profile, profile};

    static LIMIT: Meta = Meta {
        id: "memory-limit-missing",
        peers: &["checkov:CKV_K8S_13"],
        module: "careen_lint_kubernetes::rules::resources::memory_limit_missing",
        ..Meta::DEFAULT
    };
    static TOKEN: Meta = Meta {
        id: "github-token",
        default: false,
        module: "careen_lint_secrets::rules::providers::github_token",
        ..Meta::DEFAULT
    };

    static EVERYTHING: Profile = Profile {
        name: "everything",
        description: "D.",
        all: true,
        only: &[],
        enable: &[],
        disable: &[],
        severity: &[],
        public_pki: false,
        fail_on: "info",
    };

    fn resolve(select: &[&str], ignore: &[&str]) -> Result<Selection, SelectionError> {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let config = Config {
            severity: vec![("CKV_K8S_13".to_owned(), Severity::Info)],
            ..Config::default()
        };
        Selection::resolve(
            &[&LIMIT, &TOKEN],
            profile("default").unwrap(),
            &config,
            &own(select),
            &own(ignore),
        )
    }

    #[test]
    fn names_groups_and_peers_select() {
        let selection = resolve(&[], &[]).unwrap();
        assert!(selection.is_enabled(&LIMIT) && !selection.is_enabled(&TOKEN));
        assert_eq!(selection.severity(&LIMIT), Some(Severity::Info));
        let selection = resolve(&["secrets"], &[]).unwrap();
        assert!(!selection.is_enabled(&LIMIT) && selection.is_enabled(&TOKEN));
        let selection = resolve(&["all"], &["kubernetes/resources"]).unwrap();
        assert!(!selection.is_enabled(&LIMIT) && selection.is_enabled(&TOKEN));
    }

    #[test]
    fn later_words_win() {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let limit_and_token = |profile_name: &str, words: [&[&str]; 4]| {
            let [select, ignore, cli_select, cli_ignore] = words.map(own);
            let config = Config { select, ignore, ..Config::default() };
            let profile = profile(profile_name).unwrap_or(&EVERYTHING);
            let rules = [&LIMIT, &TOKEN];
            Selection::resolve(&rules, profile, &config, &cli_select, &cli_ignore)
                .map(|selection| (selection.is_enabled(&LIMIT), selection.is_enabled(&TOKEN)))
                .unwrap()
        };
        let limit: &[&str] = &["memory-limit-missing"];
        let token: &[&str] = &["github-token"];
        for (profile, words, expected) in [
            ("default", [&[][..], &[], &[], &[]], (true, false)),
            ("everything", [&[], &[], &[], &[]], (true, true)),
            ("everything", [&[], limit, &[], &[]], (false, true)),
            ("everything", [limit, &[], &[], &[]], (true, false)),
            // In one place, what is ignored goes.
            ("default", [limit, limit, &[], &[]], (false, false)),
            ("default", [&[], &[], limit, limit], (false, false)),
            // The command line selects what the configuration did not, or ignored.
            ("default", [limit, &[], token, &[]], (false, true)),
            ("default", [&[], limit, limit, &[]], (true, false)),
            ("default", [token, limit, &["all"], token], (true, false)),
            // Without a selection of its own it only takes away.
            ("everything", [&[], limit, &[], token], (false, false)),
        ] {
            assert_eq!(limit_and_token(profile, words), expected, "{profile} {words:?}");
        }
    }

    #[test]
    fn a_profile_may_be_a_few_rules_only() {
        let only = Profile { all: false, only: &["github-token"], ..EVERYTHING };
        let with = Profile { enable: &["memory-limit-missing"], ..only };
        let without = Profile { disable: &["github-token"], ..with };
        for (profile, expected) in
            [(only, (false, true)), (with, (true, true)), (without, (true, false))]
        {
            let rules = [&LIMIT, &TOKEN];
            let found = Selection::resolve(&rules, &profile, &Config::default(), &[], &[]).unwrap();
            assert_eq!((found.is_enabled(&LIMIT), found.is_enabled(&TOKEN)), expected);
        }
    }

    #[test]
    fn a_slip_is_named() {
        let error = resolve(&["github-tokn"], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no rule or group is called `github-tokn` (did you mean `github-token`?); \
             `careen rules` lists them"
        );
    }
}

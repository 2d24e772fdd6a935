//! The profiles, held against the rules there are.

use careen_policy::{Config, Selection, profiles};

use crate::mutation::LINTERS;

#[test]
fn profiles_name_rules_that_are_there() {
    let rules = careen_engine::rules(LINTERS);
    for profile in profiles() {
        let selection = Selection::resolve(&rules, profile, &Config::default(), &[], &[]);
        let selection = selection.unwrap_or_else(|error| panic!("{}: {error}", profile.name));
        let enabled = rules.iter().filter(|rule| selection.is_enabled(rule)).count();
        assert!(enabled > 0, "{}", profile.name);
        // Lists that answer to a standard name every rule, so that a new one is a decision; the
        // groups of one linter may grow.
        let groups = profile.only.iter().filter(|name| name.contains('/')).count();
        if groups == 0 && !profile.only.is_empty() {
            assert_eq!(enabled, profile.only.len(), "{} names a rule twice", profile.name);
        }
        assert!(groups == 0 || groups == profile.only.len(), "{} mixes", profile.name);
    }
}

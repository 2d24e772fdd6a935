use std::sync::Arc;

use careen_engine::{Engine, Silent, rules};
use careen_model::{Context, Linter};
use careen_policy::{Config, Profile, Selection};
use careen_rule::{Report, Tool};
use careen_text::Source;
use globset::GlobSet;

use crate::NOW;

static EVERYTHING: Profile = Profile {
    name: "everything",
    description: "All rules, for tests.",
    all: true,
    enable: &[],
    disable: &[],
    severity: &[],
    fail_on: "info",
};

/// Runs linters with all their rules over sources in memory, at [`NOW`].
#[must_use]
pub fn check(linters: &[&dyn Linter], sources: Vec<Arc<Source>>) -> Report {
    let rules = rules(linters);
    let selection =
        Selection::resolve(&rules, &EVERYTHING, &Config::default(), &[], &[]).expect("no names");
    Engine {
        linters,
        selection: &selection,
        context: Context { now: NOW },
        exclude: GlobSet::empty(),
        line_hashes: None,
        threads: 1,
        progress: &Silent,
        tool: Tool { name: "careen".to_owned(), version: "0.0.0".to_owned() },
    }
    .check_sources(sources)
}

/// As [`check`], from paths and texts.
#[must_use]
pub fn check_files(linter: &dyn Linter, files: &[(&str, &str)]) -> Report {
    let sources = files.iter().map(|&(path, text)| Source::new(path, text)).collect();
    check(&[linter], sources)
}

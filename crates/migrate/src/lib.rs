//! Reads configurations of other linters and says the same in our words.
//!
//! [`migrate`] takes texts and gives a [`Migration`]: a draft of `careen.yaml` and, for every word
//! of the files, what became of it. Nothing is dropped in silence, and no more is ignored than a rule
//! of ours covers: what cannot be said in our words is left out and told with its place. This crate
//! opens no files; what it says never quotes a value that might be a secret.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod checkov;
mod detect_secrets;
mod gitleaks;
mod glob;
mod hadolint;
mod kube_linter;
mod kube_score;
mod model;
mod names;
mod polaris;
mod read;
mod tool;
mod trivy;
mod words;
mod work;
mod yaml;

use careen_rule::Meta;

pub use crate::model::{Fate, Item, Origin};
pub use crate::tool::{NAMES, Tool};

use crate::model::Draft;
use crate::work::Work;

/// A configuration of another linter.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path, as people are shown it.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// Whose it is.
    pub tool: Tool,
    /// Whether it stands at the root of the repository under its usual name, where `careen check`
    /// reads some of these files itself.
    pub at_root: bool,
}

/// What became of the configurations.
#[derive(Debug, Default)]
pub struct Migration {
    draft: Draft,
    /// Everything that was found, in the order of the files.
    pub items: Vec<Item>,
    /// How many more there were than are kept.
    pub more: usize,
}

/// Reads configurations of other linters. `rules` are those that names are looked up in.
#[must_use]
pub fn migrate(inputs: &[Input], rules: &[&'static Meta]) -> Migration {
    let work = read(inputs, Work::new(rules, true));
    let work = if work.lists_in_vain() { read(inputs, Work::new(rules, false)) } else { work };
    work.finish()
}

fn read<'a>(inputs: &[Input], mut work: Work<'a>) -> Work<'a> {
    for input in inputs {
        let work = &mut work;
        work.begin(input);
        match input.tool {
            Tool::KubeLinter => kube_linter::read(input, work),
            Tool::KubeScore => kube_score::read(input, work),
            Tool::Polaris => polaris::read(input, work),
            Tool::Checkov => checkov::read(input, work),
            Tool::CheckovBaseline => checkov::baseline(input, work),
            Tool::Trivy => trivy::read(input, work),
            Tool::TrivyIgnore => trivy::ignore_file(input, work),
            Tool::TrivyIgnoreYaml => trivy::ignore_yaml(input, work),
            Tool::Gitleaks => gitleaks::read(input, work),
            Tool::GitleaksIgnore => gitleaks::ignore_file(input, work),
            Tool::DetectSecrets => detect_secrets::read(input, work),
            Tool::Hadolint => hadolint::read(input, work),
        }
    }
    work
}

impl Migration {
    /// The draft as `careen.yaml`, with comments that say where each part came from. `sources` are
    /// the files it was made of.
    #[must_use]
    pub fn to_yaml(&self, sources: &[&str]) -> String {
        yaml::write(self, sources)
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let draft = &self.draft;
        draft.select.is_empty()
            && draft.ignore.is_empty()
            && draft.severity.is_empty()
            && draft.fail_on.is_none()
            && draft.exclude.is_empty()
            && draft.options.is_empty()
            && draft.proposals.is_empty()
    }

    /// Items with this fate.
    pub fn with(&self, fate: fn(&Fate) -> bool) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| fate(&item.fate))
    }
}

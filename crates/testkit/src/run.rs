use std::collections::BTreeMap;
use std::sync::Arc;

use careen_engine::{Engine, Examiner, ImageInput, Images, Input, Silent, rules};
use careen_image_model::oci::Evidence;
use careen_image_source::{ImageSource, Prepared};
use careen_ledger::Ledger;
use careen_model::{Context, KubernetesVersion, Linter};
use careen_policy::{Config, Profile, Requirements, Selection};
use careen_rule::{Report, Tool};
use careen_text::Source;
use globset::GlobSet;

use crate::NOW;
use crate::images::{ImageRecipe, Registry, made};

static EVERYTHING: Profile = Profile {
    name: "everything",
    description: "All rules, for tests.",
    all: true,
    only: &[],
    enable: &[],
    disable: &[],
    severity: &[],
    public_pki: false,
    suppressions: Requirements { reason: false, owner: false, expiry: false },
    fail_on: "info",
};

/// Runs linters with all their rules over sources in memory, at [`NOW`].
#[must_use]
pub fn check(linters: &[&dyn Linter], sources: Vec<Arc<Source>>) -> Report {
    check_with("", linters, sources.into_iter().map(Input::Text).collect())
}

/// As [`check`], with what a configuration says of rules' options and the Kubernetes version.
///
/// # Panics
///
/// If the configuration does not hold.
#[must_use]
pub fn check_with(config: &str, linters: &[&dyn Linter], inputs: Vec<Input>) -> Report {
    check_in(config, linters, inputs, &Surroundings::default())
}

/// What is known about images besides what lies in them.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    /// What an examiner finds, by the name of the image.
    pub(crate) evidence: BTreeMap<String, Evidence>,
    /// What registries know.
    pub(crate) registry: Registry,
}

impl Surroundings {
    /// Whether something about images cannot be told, so that the run is incomplete.
    pub(crate) fn is_partial(&self) -> bool {
        self.registry.is_partial() || self.evidence.values().any(|it| !it.unreachable.is_empty())
    }
}

impl Examiner for Surroundings {
    fn evidence(&self, _: &dyn ImageSource, image: &Prepared) -> Evidence {
        self.evidence.get(&*image.name).cloned().unwrap_or_default()
    }
}

pub(crate) fn check_in(
    config: &str,
    linters: &[&dyn Linter],
    inputs: Vec<Input>,
    surroundings: &Surroundings,
) -> Report {
    let rules = rules(linters);
    let (config, problems) = careen_policy::read(&Source::new("careen.yaml", config));
    assert!(problems.is_empty(), "the configuration of an example does not hold: {problems:?}");
    let options =
        careen_policy::options(&rules, &config.rules).expect("options of rules there are");
    let version = config.kubernetes_version.as_ref();
    let kubernetes = version
        .map_or(KubernetesVersion::NEWEST, |(text, _)| text.parse().expect("a version we know"));
    let selection =
        Selection::resolve(&rules, &EVERYTHING, &Config::default(), &[], &[]).expect("no names");
    Engine {
        linters,
        selection: &selection,
        context: Context { kubernetes, options: Arc::new(options), ..Context::at(NOW) },
        images: Images {
            examiner: Some(surroundings),
            lookup: Some(&surroundings.registry),
            ..Images::default()
        },
        ledger: &Ledger::default(),
        // Examples show every place.
        apart: true,
        exclude: GlobSet::empty(),
        line_hashes: None,
        clean: None,
        witness: None,
        threads: 1,
        progress: &Silent,
        tool: Tool { name: "careen".to_owned(), version: "0.0.0".to_owned() },
    }
    .check_inputs(inputs)
}

/// As [`check`], from paths and texts.
#[must_use]
pub fn check_files(linter: &dyn Linter, files: &[(&str, &str)]) -> Report {
    let sources = files.iter().map(|&(path, text)| Source::new(path, text)).collect();
    check(&[linter], sources)
}

/// As [`check`], over the image `app` that a recipe makes (see [`crate::images`]).
///
/// # Panics
///
/// If the recipe does not hold.
#[must_use]
pub fn check_image(linters: &[&dyn Linter], recipe: &str) -> Report {
    let recipe = ImageRecipe::parse(recipe);
    let input = ImageInput { name: "app".into(), source: Box::new(made(&recipe)) };
    let mut surroundings = Surroundings::default();
    surroundings.evidence.extend(recipe.evidence.map(|it| ("app".to_owned(), it)));
    check_in("", linters, vec![Input::Image(input)], &surroundings)
}

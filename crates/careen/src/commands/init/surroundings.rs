//! What stands around the files: other linters, continuous integration, hooks.

use std::path::Path;

use careen_migrate::NAMES;

/// Where pipelines are written, and what reads them.
const PIPELINES: [(&str, &str); 9] = [
    (".github/workflows", "GitHub Actions"),
    (".gitlab-ci.yml", "GitLab CI"),
    ("azure-pipelines.yml", "Azure Pipelines"),
    ("bitbucket-pipelines.yml", "Bitbucket Pipelines"),
    ("Jenkinsfile", "Jenkins"),
    (".circleci/config.yml", "CircleCI"),
    (".drone.yml", "Drone"),
    (".woodpecker.yml", "Woodpecker"),
    (".buildkite/pipeline.yml", "Buildkite"),
];

/// Where hooks are configured.
const HOOKS: [&str; 5] =
    [".pre-commit-config.yaml", "prek.toml", "lefthook.yml", "lefthook.yaml", ".husky"];

/// What was found at the root, by names that are known beforehand.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    /// Configurations of other linters.
    pub(super) foreign: Vec<&'static str>,
    /// Systems of continuous integration, with the file.
    pub(super) pipelines: Vec<(&'static str, &'static str)>,
    /// Configurations of hooks.
    pub(super) hooks: Vec<&'static str>,
    /// Whether the root is that of a Git repository.
    pub(super) git: bool,
}

impl Surroundings {
    pub(super) fn of(root: &Path) -> Self {
        let is_file = |name: &str| root.join(name).symlink_metadata().is_ok_and(|it| it.is_file());
        let exists = |name: &str| root.join(name).symlink_metadata().is_ok();
        Self {
            foreign: NAMES.iter().map(|(name, _)| *name).filter(|name| is_file(name)).collect(),
            pipelines: PIPELINES.into_iter().filter(|(path, _)| exists(path)).collect(),
            hooks: HOOKS.into_iter().filter(|name| exists(name)).collect(),
            git: exists(".git"),
        }
    }
}

//! Finding and reading `careen.yaml`, with the files that it extends.

mod extended;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Error, Result, anyhow};
use careen_model::KubernetesVersion;
use careen_policy::{Config, Problem, Word};
use careen_rule::{Meta, Options};
use careen_text::Source;

use crate::exclude;

const NAMES: [&str; 3] = ["careen.yaml", ".careen.yaml", ".config/careen.yaml"];

/// A configuration and the files it was read from.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    /// The files, what they extend in front: later ones win.
    pub(crate) files: Vec<ConfigFile>,
}

/// A file of the configuration.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    /// Its text, by the path that messages give.
    pub(crate) source: Arc<Source>,
    /// The folder that its paths are relative to.
    folder: PathBuf,
}

/// Reads the configuration that was named, or the nearest one from the first path upwards to the
/// root of the repository, and the files that it extends.
pub(crate) fn load(named: Option<&Path>, paths: &[PathBuf]) -> Result<Loaded> {
    let (loaded, problems) = read(named, paths)?;
    if problems.is_empty() { Ok(loaded) } else { Err(Loaded::error(&problems)) }
}

/// As [`load`], with what holds although something else does not.
pub(crate) fn read(named: Option<&Path>, paths: &[PathBuf]) -> Result<(Loaded, Vec<Problem>)> {
    let Some((path, folder)) = named.map(beside).or_else(|| nearest(paths)) else {
        let anchor = exclude::anchor(None, paths)?;
        let config = Config { anchor, ..Config::default() };
        return Ok((Loaded { config, files: Vec::new() }, Vec::new()));
    };
    let anchor = exclude::anchor(Some(&folder), paths)?;
    let (config, files, problems) = extended::read(&path, &folder, Path::new(&anchor.base))?;
    Ok((Loaded { config: Config { anchor, ..config }, files }, problems))
}

/// The configuration that is in force for a folder, if there is one.
pub(crate) fn held(folder: &Path) -> Option<PathBuf> {
    nearest(&[folder.to_path_buf()]).map(|(path, _)| path)
}

impl Loaded {
    /// Says what does not hold, and where.
    pub(crate) fn error(problems: &[Problem]) -> Error {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        anyhow!("the configuration does not hold:\n{}", lines.join("\n"))
    }

    /// A path that the configuration gives, from the folder of the file that gives it.
    pub(crate) fn path(&self, (path, place): &Word) -> PathBuf {
        let is_own = |file: &&ConfigFile| Arc::ptr_eq(&file.source, place.source());
        match self.files.iter().find(is_own) {
            Some(file) => file.folder.join(path),
            None => PathBuf::from(path),
        }
    }

    /// What the rules are told.
    pub(crate) fn options(&self, rules: &[&'static Meta]) -> Result<Options> {
        careen_policy::options(rules, &self.config.rules).map_err(|it| Self::error(&it))
    }

    /// The Kubernetes that manifests are judged for, unless the command line says otherwise.
    pub(crate) fn kubernetes(&self) -> Result<KubernetesVersion> {
        self.version().map_err(|problem| Self::error(&[problem]))
    }

    /// What is wrong with that version.
    pub(crate) fn kubernetes_problem(&self) -> Option<Problem> {
        self.version().err()
    }

    fn version(&self) -> Result<KubernetesVersion, Problem> {
        let Some((text, place)) = &self.config.kubernetes_version else {
            return Ok(KubernetesVersion::NEWEST);
        };
        text.parse().map_err(|message| Problem { place: place.clone(), message })
    }
}

/// A configuration that was named, and its folder.
fn beside(path: &Path) -> (PathBuf, PathBuf) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut folder = folder.unwrap_or(Path::new("."));
    if folder.ends_with(".config") {
        folder = folder.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(Path::new("."));
    }
    (path.to_path_buf(), folder.to_path_buf())
}

/// The nearest configuration and the folder it speaks for. Without a repository the search ends at
/// the working folder, or at the first path if that is elsewhere: above may be a folder that
/// anybody can write to.
fn nearest(paths: &[PathBuf]) -> Option<(PathBuf, PathBuf)> {
    let working = std::env::current_dir().and_then(fs::canonicalize).ok()?;
    let first = paths.iter().find(|path| path.as_os_str() != "-");
    let start = first.map_or_else(|| Some(working.clone()), |path| fs::canonicalize(path).ok())?;
    let repository = start.ancestors().find(|folder| folder.join(".git").exists());
    let start = start.ancestors().find(|folder| folder.is_dir())?;
    let top = match repository {
        Some(repository) => repository,
        None if start.starts_with(&working) => &working,
        None => start,
    };
    start.ancestors().take_while(|folder| folder.starts_with(top)).find_map(|folder| {
        let found = NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())?;
        Some((found, folder.to_path_buf()))
    })
}

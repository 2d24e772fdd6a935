use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use careen_policy::Anchor;
use globset::GlobSet;

use crate::config::Loaded;

/// What the configuration excludes, as globs over absolute paths.
pub(crate) fn globs(loaded: &Loaded) -> Result<GlobSet> {
    let config = &loaded.config;
    let set = config.anchor.set(&config.exclude).map_err(|problem| Loaded::error(&[problem]))?;
    Ok(set.into_set())
}

/// What globs are relative to: the folder of the configuration. One from elsewhere is meant for what
/// is checked, so there it is the repository, or else the working folder.
pub(crate) fn anchor(folder: Option<&Path>, roots: &[PathBuf]) -> Result<Anchor> {
    let (base, start) = base(roots)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let folder = match folder.and_then(|folder| std::fs::canonicalize(folder).ok()) {
        Some(folder) if folder.starts_with(&base) || start.starts_with(&folder) => text(&folder),
        _ => text(&base),
    };
    Ok(Anchor { folder, base: text(&base) })
}

/// The repository of what is checked, or else the working folder, which reported paths are relative
/// to; and the first root.
pub(crate) fn base(roots: &[PathBuf]) -> Result<(PathBuf, PathBuf)> {
    let working = std::env::current_dir().and_then(std::fs::canonicalize);
    let working = working.context("the working folder cannot be read")?;
    let start = match roots.iter().find(|root| root.as_os_str() != "-") {
        Some(root) => std::fs::canonicalize(root).unwrap_or_else(|_| working.join(root)),
        None => working.clone(),
    };
    let repository = start.ancestors().find(|folder| folder.join(".git").exists());
    Ok((repository.unwrap_or(&working).to_path_buf(), start))
}

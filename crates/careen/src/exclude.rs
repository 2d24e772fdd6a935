use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::config::Loaded;

/// What the configuration excludes, as globs over absolute paths.
pub(crate) fn globs(loaded: &Loaded, roots: &[PathBuf]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let patterns = &loaded.config.exclude;
    if patterns.is_empty() {
        return Ok(GlobSet::empty());
    }
    let prefix = globset::escape(&anchor(loaded.folder.as_deref(), roots)?.to_string_lossy());
    for pattern in patterns {
        if pattern.starts_with('!') {
            bail!("`exclude` holds `{pattern}`: what is left out cannot be taken back in");
        }
        let below = pattern.strip_prefix("./").unwrap_or(pattern);
        let below = below.trim_start_matches('/').trim_end_matches('/');
        let below = if below == "." { "**" } else { below };
        for form in [format!("{prefix}/{below}"), format!("{prefix}/{below}/**")] {
            match GlobBuilder::new(&form).literal_separator(true).build() {
                Ok(glob) => set.add(glob),
                Err(error) => {
                    bail!("`exclude` holds `{pattern}`, which is no glob: {}", error.kind())
                }
            };
        }
    }
    set.build().context("the globs of `exclude` are too large")
}

/// The folder that the globs are relative to: that of the configuration. One from elsewhere is
/// meant for what is checked, so there it is the repository, or else the working folder.
fn anchor(folder: Option<&Path>, roots: &[PathBuf]) -> Result<PathBuf> {
    let (base, start) = base(roots)?;
    Ok(match folder.and_then(|folder| std::fs::canonicalize(folder).ok()) {
        Some(folder) if folder.starts_with(&base) || start.starts_with(&folder) => folder,
        _ => base,
    })
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

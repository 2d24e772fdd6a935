//! The folder that is audited.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_repo::{Listing, Options};

/// Where people's words, evidence and records are, below the audited folder.
pub(super) const OWN: &str = ".careen";

/// The folder, and how paths in it are shown.
pub(super) struct Folder {
    /// As it was given.
    pub(super) path: PathBuf,
    /// Every file in it that Git does not ignore.
    pub(super) listing: Listing,
    /// Its path below the listing's base, with a final `/`; empty if it is the base.
    pub(super) prefix: String,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        let real = path.canonicalize().with_context(|| format!("cannot open {shown}"))?;
        if !real.is_dir() {
            bail!("{shown} is no folder: an audit is about all that is released");
        }
        let options = Options { roots: vec![path.to_owned()], ..Options::default() };
        let listing = careen_repo::discover(&options)?;
        let base = listing.base.canonicalize().unwrap_or_else(|_| listing.base.clone());
        let below = real.strip_prefix(&base).unwrap_or(Path::new(""));
        let mut prefix = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Self { path: path.to_owned(), listing, prefix })
    }

    /// The path of something in the folder as reports show it.
    pub(super) fn shown(&self, within: &str) -> String {
        format!("{}{within}", self.prefix)
    }

    /// How a path of the file system is shown, if it lies in the folder.
    pub(super) fn shown_of(&self, path: &Path) -> Option<String> {
        let real = |path: &Path| path.canonicalize().ok();
        let (path, folder) = (real(path)?, real(&self.path)?);
        let below = path.strip_prefix(folder).ok()?.to_string_lossy();
        Some(self.shown(&below.replace(std::path::MAIN_SEPARATOR, "/")))
    }

    /// A shown path relative to the folder; the path itself if it lies elsewhere.
    pub(super) fn within<'p>(&self, shown: &'p str) -> &'p str {
        shown.strip_prefix(self.prefix.as_str()).unwrap_or(shown)
    }

    /// Files below a path, whatever Git ignores: what was made by a build is often ignored.
    pub(super) fn files_below(&self, path: &Path) -> Result<Vec<(String, PathBuf)>> {
        if !path.exists() {
            return Ok(Vec::new());
        }
        let options =
            Options { roots: vec![path.to_owned()], no_ignore: true, ..Options::default() };
        let listing = careen_repo::discover(&options)?;
        let base = listing.base.clone();
        let files = listing.entries.iter().map(|entry| {
            let shown = entry.path.to_string();
            let place = base.join(&shown);
            (shown, place)
        });
        Ok(files.collect())
    }
}

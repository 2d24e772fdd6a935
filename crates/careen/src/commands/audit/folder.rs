//! The folder that is audited.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_audit_model::Unseen;
use careen_repo::{Listing, Options};

/// Where people's words, evidence and records are, below the audited folder.
pub(super) const OWN: &str = ".careen";

/// Folders in `.careen` that are looked through for links.
const MOST_FOLDERS: usize = 20_000;

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

    /// Files of a folder in `.careen`. No link is followed, since it may lead anywhere, and each is told.
    pub(super) fn own_files(
        &self,
        part: &str,
        unseen: &mut Vec<Unseen>,
    ) -> Result<Vec<(String, PathBuf)>> {
        let within = format!("{OWN}/{part}");
        if let Some(link) = self.link_on(&within) {
            unseen.push(self.not_followed(&link));
            return Ok(Vec::new());
        }
        let path = self.path.join(&within);
        unseen.extend(links_below(&path, &within).iter().map(|link| self.not_followed(link)));
        self.files_below(&path)
    }

    /// The first part of a path in the folder that is a link.
    pub(super) fn link_on(&self, within: &str) -> Option<String> {
        let ends = within.match_indices('/').map(|(at, _)| at).chain([within.len()]);
        let parts = ends.filter_map(|end| within.get(..end));
        parts.into_iter().find(|part| self.path.join(part).is_symlink()).map(str::to_owned)
    }

    /// What is said of a link.
    pub(super) fn not_followed(&self, link: &str) -> Unseen {
        Unseen {
            path: Some(self.shown(link)),
            line: None,
            message: "is a link, and is not followed: put the file itself into the audited folder"
                .to_owned(),
            incomplete: false,
        }
    }
}

/// The links below a folder, by their paths in the audited one, in order.
fn links_below(path: &Path, within: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut folders = vec![(path.to_owned(), within.to_owned())];
    let mut seen = 0;
    while let Some((path, within)) = folders.pop() {
        seen += 1;
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries.flatten() {
            let within = format!("{within}/{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => links.push(within),
                Ok(kind) if kind.is_dir() && seen < MOST_FOLDERS => {
                    folders.push((entry.path(), within));
                }
                _ => {}
            }
        }
    }
    links.sort();
    links
}

//! Folders of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lsp_types::Uri;

use crate::shown::Shown;
use crate::uri;

/// Files and bytes up to which a folder is checked as a whole after every change. At about the
/// speed of 20,000 files a second, that is less than the time between two keystrokes.
const SMALL: (usize, u64) = (2_000, 16 << 20);

/// A folder, and what is known about its files.
#[derive(Debug)]
pub(crate) struct Folder {
    /// As the editor writes it.
    pub(crate) given: PathBuf,
    /// What the last check told, by absolute path.
    pub(crate) files: BTreeMap<PathBuf, Vec<Shown>>,
    /// Whether checking all of it is quick.
    pub(crate) small: bool,
    /// Files that are not open and that the editor shows something of.
    pub(crate) told: BTreeSet<PathBuf>,
    /// The last failure that the user was told.
    pub(crate) failure: Option<String>,
}

impl Folder {
    pub(crate) fn new(given: PathBuf) -> Self {
        Self { given, files: BTreeMap::new(), small: false, told: BTreeSet::new(), failure: None }
    }

    /// Notes how large the folder is.
    pub(crate) fn measure(&mut self, files: usize, bytes: u64) {
        self.small = files <= SMALL.0 && bytes <= SMALL.1;
    }
}

/// The folders, by path without symbolic links.
#[derive(Debug, Default)]
pub(crate) struct Folders(pub(crate) BTreeMap<PathBuf, Folder>);

impl Folders {
    /// The innermost folder that holds a path.
    pub(crate) fn of(&self, path: &Path) -> Option<PathBuf> {
        path.ancestors().skip(1).find(|folder| self.0.contains_key(*folder)).map(Path::to_path_buf)
    }

    /// The address of a file, below the folder as the editor writes it.
    pub(crate) fn uri(&self, path: &Path) -> Option<Uri> {
        let folder = self.of(path);
        let known = folder.as_ref().and_then(|folder| Some((self.0.get(folder)?, folder)));
        match known.and_then(|(known, folder)| Some((known, path.strip_prefix(folder).ok()?))) {
            Some((known, below)) => uri::of_path(&known.given.join(below)),
            None => uri::of_path(path),
        }
    }
}

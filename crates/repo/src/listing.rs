//! What was found.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careen_rule::Note;

use crate::{Limits, Options};

/// The files to check, in path order, and what is to be known about the search.
#[derive(Default)]
pub struct Listing {
    /// The repository's root (the folder that holds `.git`), else the working directory.
    pub base: PathBuf,
    /// Whether `base` is the root of a repository.
    pub in_repository: bool,
    /// The files, sorted by path, each once.
    pub entries: Vec<Entry>,
    /// What was passed over and why, in order.
    pub notes: Vec<Note>,
    pub(crate) limits: Limits,
    /// Folders the user asked for, without links: what may be written to through a link.
    pub(crate) folders: Vec<PathBuf>,
    /// Where staged content comes from.
    pub(crate) repository: Option<gix::ThreadSafeRepository>,
}

impl std::fmt::Debug for Listing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listing")
            .field("base", &self.base)
            .field("in_repository", &self.in_repository)
            .field("entries", &self.entries)
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}

impl Listing {
    /// Whether a reported path is among the files to check.
    #[must_use]
    pub fn lists(&self, path: &str) -> bool {
        self.entries.binary_search_by(|entry| entry.path.as_ref().cmp(path)).is_ok()
    }

    /// Whether a file is there under a reported path, to be checked or not.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        self.lists(path) || self.base.join(path).symlink_metadata().is_ok()
    }

    /// Whether the roots hold all that the reported paths are relative to.
    #[must_use]
    pub fn covers_base(&self, options: &Options) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        let Some(base) = real(&self.base) else { return false };
        let is_base = |root: &Path| real(root).as_ref() == Some(&base);
        match options.roots.as_slice() {
            [] => is_base(Path::new(".")),
            roots => roots.iter().any(|root| is_base(root)),
        }
    }
}

/// One file to check.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The path as reported: relative to the listing's base with `/` between the parts, absolute if
    /// the file is outside of it. Parts of a name that are no UTF-8 are replaced by U+FFFD.
    pub path: Arc<str>,
    /// Whether the user named this very file.
    pub explicit: bool,
    /// The size in bytes, where it was known without asking.
    pub size_hint: Option<u64>,
    within: usize,
    pub(crate) place: Place,
}

/// Where the content is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// A file at the reported path below the base.
    Base,
    /// A file whose reported path does not lead to it: outside the base, or no UTF-8.
    Path(Box<Path>),
    /// An object of the repository.
    Blob(gix::ObjectId),
    /// Standard input.
    Stdin,
}

impl Entry {
    /// A file; `depth` is the number of path components below the root it was found under.
    pub(crate) fn file(base: &Path, path: &Path, depth: usize, explicit: bool) -> Self {
        let relative = path.strip_prefix(base);
        let plain = relative.is_ok_and(|relative| relative.to_str().is_some());
        let place = if plain { Place::Base } else { Place::Path(path.into()) };
        Self::new(shown(base, path), depth, explicit, place)
    }

    pub(crate) fn new(path: String, depth: usize, explicit: bool, place: Place) -> Self {
        let within = memchr::memrchr_iter(b'/', path.as_bytes())
            .nth(depth.max(1) - 1)
            .map_or(0, |slash| slash + 1);
        Self { path: path.into(), explicit, size_hint: None, within, place }
    }

    /// The path relative to the root under which the file was found: what the user's choice of a
    /// root says nothing about, and so what a classification by path may look at. Of a file that the
    /// user named, it is the bare name.
    #[must_use]
    pub fn within(&self) -> &str {
        self.path.get(self.within..).unwrap_or(&self.path)
    }

    /// Whether it is a file on disk, neither staged content nor standard input.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self.place, Place::Base | Place::Path(_))
    }

    /// Where the file is on disk, if it is one.
    pub(crate) fn on_disk(&self, base: &Path) -> Option<PathBuf> {
        match &self.place {
            Place::Base => Some(base.join(&*self.path)),
            Place::Path(path) => Some(path.to_path_buf()),
            Place::Blob(_) | Place::Stdin => None,
        }
    }

    /// Order of a listing. Of two roots that both hold a file, the one that names it wins, then the
    /// outer one, which shows more of the path.
    fn order(&self, other: &Self) -> Ordering {
        self.path
            .cmp(&other.path)
            .then_with(|| self.place.cmp(&other.place))
            .then_with(|| other.explicit.cmp(&self.explicit))
            .then_with(|| self.within.cmp(&other.within))
    }
}

/// Sorts, and keeps one entry of each file.
pub(crate) fn settle(entries: &mut Vec<Entry>) {
    entries.sort_unstable_by(Entry::order);
    entries.dedup_by(|second, first| second.path == first.path && second.place == first.place);
}

/// A path as it is reported.
pub(crate) fn shown(base: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(base).unwrap_or(path);
    let text = relative.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

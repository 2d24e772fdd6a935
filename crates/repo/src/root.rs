//! The user's roots, made absolute, and the base that paths are reported against.

use std::collections::HashSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use careen_text::sanitize_line;

use crate::Error;

/// A root that is no standard input.
pub(crate) struct Root {
    /// As the user wrote it, fit for a terminal.
    pub(crate) given: String,
    /// Absolute; all but the last part is free of symbolic links.
    pub(crate) path: PathBuf,
    /// Absolute and free of symbolic links.
    pub(crate) real: PathBuf,
    pub(crate) kind: RootKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RootKind {
    Folder,
    File,
    /// A socket, pipe or device.
    Special,
    /// Not on disk; it may still be staged.
    Missing,
}

/// Finds a root on disk. Roots may be symbolic links: the user chose them.
pub(crate) fn resolve(working: &Path, given: &Path) -> Result<Root, Error> {
    let shown = sanitize_line(&given.to_string_lossy()).into_owned();
    let fail = |error: &io::Error| {
        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            Error::NoSuchRoot { path: shown.clone() }
        } else {
            Error::Unreachable { path: shown.clone(), reason: error.kind().to_string() }
        }
    };
    let joined = working.join(given);
    let path = match (joined.parent(), joined.components().next_back()) {
        (Some(parent), Some(Component::Normal(name))) => {
            parent.canonicalize().map_err(|error| fail(&error))?.join(name)
        }
        _ => joined.canonicalize().map_err(|error| fail(&error))?,
    };
    match path.metadata() {
        Ok(metadata) => {
            let real = path.canonicalize().map_err(|error| fail(&error))?;
            let kind = if metadata.is_dir() {
                RootKind::Folder
            } else if metadata.is_file() {
                RootKind::File
            } else {
                RootKind::Special
            };
            // A link to a repository stands for the repository.
            let path = if kind == RootKind::Folder && path.join(".git").exists() {
                real.clone()
            } else {
                path
            };
            Ok(Root { given: shown, path, real, kind })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Root { given: shown, real: path.clone(), path, kind: RootKind::Missing })
        }
        Err(error) => Err(fail(&error)),
    }
}

/// The folder at or above `start` that holds `.git`.
pub(crate) fn repository_of(start: &Path) -> Option<&Path> {
    start.ancestors().find(|folder| is_git(&folder.join(".git")))
}

/// A repository's folder, or the file that a linked working tree has in its place. An empty `.git`
/// is neither, and hides no repository above it.
fn is_git(path: &Path) -> bool {
    path.is_file() || path.join("HEAD").symlink_metadata().is_ok()
}

/// Which paths of the repository are below a root.
pub(crate) struct RootSet {
    all: bool,
    paths: HashSet<Vec<u8>>,
}

/// How a path is covered by the roots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Covered {
    pub(crate) explicit: bool,
    /// Path components below the root.
    pub(crate) depth: usize,
}

impl RootSet {
    /// The roots that are inside `base`.
    pub(crate) fn new<'r>(base: &Path, roots: impl Iterator<Item = &'r Root>) -> Self {
        let mut set = Self { all: false, paths: HashSet::new() };
        for root in roots {
            if let Ok(relative) = root.real.strip_prefix(base) {
                let bytes = crate::git::path_bytes(relative);
                if bytes.is_empty() {
                    set.all = true;
                } else {
                    set.paths.insert(bytes);
                }
            }
        }
        set
    }

    /// All of the repository.
    pub(crate) fn everything() -> Self {
        Self { all: true, paths: HashSet::new() }
    }

    /// Whether a root lies below a folder, whose path ends with `/`.
    pub(crate) fn is_above(&self, folder: &[u8]) -> bool {
        self.paths.iter().any(|root| root.starts_with(folder))
    }

    /// Looks a path of the repository up; `None` if it is below no root. The root that names the
    /// file wins, then the outermost.
    pub(crate) fn covers(&self, path: &[u8]) -> Option<Covered> {
        let parts = 1 + memchr::memchr_iter(b'/', path).count();
        if self.paths.contains(path) {
            return Some(Covered { explicit: true, depth: 0 });
        }
        if self.all {
            return Some(Covered { explicit: false, depth: parts });
        }
        memchr::memchr_iter(b'/', path)
            .enumerate()
            .find(|(_, slash)| path.get(..*slash).is_some_and(|root| self.paths.contains(root)))
            .map(|(index, _)| Covered { explicit: false, depth: parts - index - 1 })
    }
}

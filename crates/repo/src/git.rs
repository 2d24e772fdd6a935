//! The repository: opened without trusting its surroundings, its index, its trees.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use careen_text::sanitize_line;
use gix::bstr::BStr;

use crate::Error;

/// More memory than this no honest index needs.
const MAX_INDEX_BYTES: usize = 1 << 30;

/// An opened repository.
pub(crate) struct Git {
    pub(crate) repository: gix::Repository,
    /// What is staged; `None` if nothing ever was.
    pub(crate) index: Option<gix::index::File>,
}

impl Git {
    /// Opens the repository of a folder that holds `.git`.
    ///
    /// Only the repository's own configuration is read. The environment is not (`GIT_DIR` and its
    /// kin may come from a hook of another repository), with one exception: in a hook of `git
    /// commit -a` or `git commit PATH` the staged content is in the file `GIT_INDEX_FILE`, and the
    /// repository's own index is stale. It is followed if it lies in the repository's Git folder.
    pub(crate) fn open(base: &Path, index_file: Option<&OsStr>) -> Result<Self, Error> {
        let repository = gix::open::Options::isolated()
            .lossy_config(true)
            .open(base)
            .map_err(|error| failure(&error))?
            .to_thread_local();
        let path = index_file
            .and_then(|path| inner_index(base, repository.git_dir(), Path::new(path)))
            .unwrap_or_else(|| repository.index_path());
        let index = if path.exists() {
            let options = gix::index::decode::Options {
                thread_limit: None,
                min_extension_block_in_bytes_for_threading: 1 << 20,
                expected_checksum: None,
                alloc_limit_bytes: Some(MAX_INDEX_BYTES),
            };
            // As Git does, the checksum is left to `git fsck`: it costs more than all the rest.
            let index = gix::index::File::at(path, repository.object_hash(), true, options);
            Some(index.map_err(|error| failure(&error))?)
        } else {
            None
        };
        Ok(Self { repository, index })
    }

    /// The tree of the commit that is checked out; `None` before the first commit.
    pub(crate) fn head_tree(&self) -> Result<Option<gix::ObjectId>, Error> {
        head_tree(&self.repository)
    }

    /// The tree where `HEAD` and a revision parted: of their newest common commit, which is what a
    /// reviewer compares with. The revision is in any of Git's notations for a single object; one that
    /// is no commit stands for itself, and so does any before the first commit.
    pub(crate) fn base_tree(&self, revision: &str) -> Result<gix::ObjectId, Error> {
        let shown = || sanitize_line(revision).into_owned();
        let unknown = || Error::UnknownRevision { revision: shown() };
        let repository = &self.repository;
        let id = repository.rev_parse_single(revision).map_err(|_| unknown())?;
        let object = id.object().map_err(|_| unknown())?;
        let tree = object.clone().peel_to_tree().map_err(|_| unknown())?.id;
        let Ok(commit) = object.peel_to_commit() else { return Ok(tree) };
        let mut head = repository.head().map_err(|error| failure(&error))?;
        if head.is_unborn() {
            return Ok(tree);
        }
        let head = head.peel_to_commit().map_err(|error| failure(&error))?;
        let Ok(Some(base)) = repository.merge_base(head.id, commit.id) else {
            let (clone, remedy) = if repository.is_shallow().unwrap_or(false) {
                ("shallow clone", "fetch more of the history with `git fetch --unshallow`")
            } else {
                ("repository", "fetch the branch they have in common")
            };
            return Err(Error::NoMergeBase { revision: shown(), clone, remedy });
        };
        let base = base.object().map_err(|error| failure(&error))?;
        let base = base.peel_to_commit().map_err(|error| failure(&error))?;
        Ok(base.tree_id().map_err(|error| failure(&error))?.detach())
    }
}

/// The tree of the commit that `HEAD` leads to; `None` before the first commit.
pub(crate) fn head_tree(repository: &gix::Repository) -> Result<Option<gix::ObjectId>, Error> {
    let mut head = repository.head().map_err(|error| failure(&error))?;
    if head.is_unborn() {
        return Ok(None);
    }
    let commit = head.peel_to_commit().map_err(|error| failure(&error))?;
    Ok(Some(commit.tree_id().map_err(|error| failure(&error))?.detach()))
}

/// The file `GIT_INDEX_FILE` names, if it is one of the repository's own.
fn inner_index(base: &Path, git_folder: &Path, path: &Path) -> Option<PathBuf> {
    let path = base.join(path).canonicalize().ok()?;
    (path.is_file() && path.starts_with(git_folder.canonicalize().ok()?)).then_some(path)
}

/// A failure of the Git library in one line.
pub(crate) fn failure(error: &dyn std::fmt::Display) -> Error {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    Error::Repository { reason: sanitize_line(line).into_owned() }
}

/// A relative path as Git writes it.
pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    match gix::path::into_bstr(path) {
        Ok(bytes) => gix::path::to_unix_separators_on_windows(bytes).into_owned().into(),
        // Only where file names are no bytes: such a name cannot be in an index.
        Err(_) => path.to_string_lossy().into_owned().into_bytes(),
    }
}

/// A path of the index as one of the file system, if it can be one: an index made by hand may hold
/// paths that lead out of the working tree or into `.git`.
pub(crate) fn disk_path(path: &BStr) -> Option<PathBuf> {
    let path = gix::path::from_bstr(path).ok()?.into_owned();
    let inside = path.components().all(|part| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    });
    (inside && !path.as_os_str().is_empty()).then_some(path)
}

//! Selections that need Git: staged, changed since a revision, there at a revision, tracked though
//! ignored.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use careen_rule::{Note, NoteKind};
use gix::bstr::BStr;
use gix::index::entry::{Flags, Mode, Stage, Stat, stat};

use crate::compare::{Differences, compare};
use crate::exclude::Exclusion;
use crate::git::{Git, disk_path};
use crate::listing::{Entry, Place};
use crate::root::RootSet;
use crate::walk::{Found, too_deep, too_long};
use crate::{Error, Limits};

/// The files whose staged content differs from `HEAD`.
pub(crate) fn staged(
    git: &Git,
    base: &Path,
    roots: &RootSet,
    exclusion: &Exclusion,
    limits: &Limits,
) -> Result<Found, Error> {
    let mut found = Found::default();
    let Some(index) = &git.index else { return Ok(found) };
    for position in compare(git, git.head_tree()?)?.into_keys() {
        let Some(entry) = index.entries().get(position) else { continue };
        let path = entry.path(index);
        let Some(covered) = roots.covers(path) else { continue };
        if !is_file(entry.mode) || entry.flags.contains(Flags::INTENT_TO_ADD) {
            continue;
        }
        let shown = path.to_string();
        let excluded = gix::path::from_bstr(path)
            .is_ok_and(|path| exclusion.excludes(&base.join(path), false));
        if excluded {
            continue;
        }
        if entry.stage() != Stage::Unconflicted {
            let message =
                "is in conflict and was not checked; resolve the conflict and stage the file";
            found.notes.push(Note::about(NoteKind::Unreadable, shown, message).incomplete());
            continue;
        }
        if shown.len() > limits.max_path_bytes {
            found.notes.push(too_long(&shown, limits));
            continue;
        }
        let mut staged = Entry::new(shown, covered.depth, covered.explicit, Place::Blob(entry.id));
        staged.size_hint = (entry.stat.size > 0).then(|| u64::from(entry.stat.size));
        found.entries.push(staged);
    }
    Ok(found)
}

/// Whether the index holds a path or something below it.
pub(crate) fn is_tracked(git: &Git, path: &[u8]) -> bool {
    git.index.as_ref().is_some_and(|index| {
        index.entry_by_path(BStr::new(path)).is_some() || index.path_is_directory(BStr::new(path))
    })
}

/// Adds tracked files that the walk did not see: what is committed is part of the project, even if
/// `.gitignore` names it.
pub(crate) fn add_tracked(
    git: &Git,
    base: &Path,
    roots: &RootSet,
    exclusion: &Exclusion,
    limits: &Limits,
    found: &mut Found,
) {
    let Some(index) = &git.index else { return };
    let mut seen: HashSet<&str> = HashSet::with_capacity(found.entries.len());
    seen.extend(found.entries.iter().map(|entry| &*entry.path));
    let mut added = Vec::new();
    for entry in index.entries() {
        let path = entry.path(index);
        if !is_file(entry.mode) || std::str::from_utf8(path).is_ok_and(|path| seen.contains(path)) {
            continue;
        }
        let Some(covered) = roots.covers(path).filter(|covered| !covered.explicit) else {
            continue;
        };
        let Some(path) = disk_path(path).map(|path| base.join(path)) else { continue };
        if !is_plain_file(base, &path) || exclusion.excludes(&path, false) {
            continue;
        }
        let tracked = Entry::file(base, &path, covered.depth, false);
        if covered.depth > limits.max_depth {
            found.notes.push(too_deep(&tracked.path, limits));
        } else if tracked.path.len() > limits.max_path_bytes {
            found.notes.push(too_long(&tracked.path, limits));
        } else {
            added.push(tracked);
        }
    }
    drop(seen);
    found.entries.append(&mut added);
}

/// Whether a path is a regular file and no folder between it and the base is a link.
fn is_plain_file(base: &Path, path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
        && path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != base)
            .all(|folder| folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()))
}

/// Leaves the entries that differ from where `HEAD` and a revision parted: absent from its tree, or with other content.
pub(crate) fn retain_changed(
    git: &Git,
    base: &Path,
    revision: &str,
    limits: &Limits,
    entries: &mut Vec<Entry>,
) -> Result<(), Error> {
    let tree = git.base_tree(revision)?;
    let Some(index) = &git.index else { return Ok(()) };
    let differences = compare(git, Some(tree))?;
    // Content of a submodule is its own repository's history: it is looked at if this one moved it.
    let unchanged_modules: Vec<&BStr> = index
        .entries()
        .iter()
        .enumerate()
        .filter(|(position, entry)| {
            entry.mode.is_submodule() && !differences.contains_key(position)
        })
        .map(|(_, entry)| entry.path(index))
        .collect();
    let change =
        Change { base, index, differences: &differences, modules: &unchanged_modules, limits };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let verdicts: Vec<OnceLock<bool>> = entries.iter().map(|_| OnceLock::new()).collect();
    let chunk = entries.len().div_ceil(threads).max(64);
    std::thread::scope(|scope| {
        for (entries, verdicts) in entries.chunks(chunk).zip(verdicts.chunks(chunk)) {
            let change = &change;
            scope.spawn(move || {
                for (entry, verdict) in entries.iter().zip(verdicts) {
                    // A verdict is set once; setting it again cannot happen.
                    let _ = verdict.set(change.concerns(entry));
                }
            });
        }
    });
    let mut verdicts = verdicts.into_iter();
    // In doubt, a file is checked.
    entries.retain(|_| verdicts.next().and_then(OnceLock::into_inner).unwrap_or(true));
    Ok(())
}

struct Change<'a> {
    base: &'a Path,
    index: &'a gix::index::File,
    differences: &'a Differences,
    modules: &'a [&'a BStr],
    limits: &'a Limits,
}

impl Change<'_> {
    fn concerns(&self, entry: &Entry) -> bool {
        let Some(path) = entry.on_disk(self.base) else { return true };
        let Ok(relative) = path.strip_prefix(self.base) else { return true };
        let bytes = crate::git::path_bytes(relative);
        let key = BStr::new(&bytes);
        let Some(position) = self.index.entry_index_by_path_and_stage(key, Stage::Unconflicted)
        else {
            return !self.modules.iter().any(|module| is_below(&bytes, module));
        };
        let Some(staged) = self.index.entries().get(position) else { return true };
        if !is_file(staged.mode) {
            return true;
        }
        let before = match self.differences.get(&position) {
            None => staged.id,
            Some(Some(before)) => *before,
            Some(None) => return true,
        };
        let Ok(metadata) = gix::index::fs::Metadata::from_path_no_follow(&path) else {
            return true;
        };
        if self.is_as_staged(staged, &metadata) {
            return self.differences.contains_key(&position);
        }
        if metadata.len() > self.limits.max_file_bytes {
            return true;
        }
        let Ok(content) = fs::read(&path) else { return true };
        gix::objs::compute_hash(before.kind(), gix::objs::Kind::Blob, &content)
            .map_or(true, |now| now != before)
    }

    /// Whether the file is certainly the one that was staged, without reading it.
    fn is_as_staged(
        &self,
        staged: &gix::index::Entry,
        metadata: &gix::index::fs::Metadata,
    ) -> bool {
        let options = stat::Options::default();
        metadata.is_file()
            && !staged.flags.contains(Flags::INTENT_TO_ADD)
            && !staged.stat.is_racy(self.index.timestamp(), options)
            && Stat::from_fs(metadata).is_ok_and(|now| staged.stat.matches(&now, options))
    }
}

fn is_file(mode: Mode) -> bool {
    mode == Mode::FILE || mode == Mode::FILE_EXECUTABLE
}

fn is_below(path: &[u8], folder: &[u8]) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.first() == Some(&b'/'))
}

//! The parallel walk of folders.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use careen_rule::Note;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use crate::exclude::{self, Chain, Exclusion};
use crate::listing::{self, Entry};
use crate::{Limits, notes};

/// What one run of the walk needs to know.
pub(crate) struct Walk<'a> {
    pub(crate) base: &'a Path,
    pub(crate) in_repository: bool,
    pub(crate) limits: Limits,
    pub(crate) no_ignore: bool,
    pub(crate) threads: usize,
    pub(crate) exclusion: &'a Exclusion,
}

/// Files and notes, in no order.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) entries: Vec<Entry>,
    pub(crate) notes: Vec<Note>,
}

impl Walk<'_> {
    /// Walks all folders at once. A file below two of them is found twice.
    pub(crate) fn run(&self, folders: &[&Path]) -> Found {
        let mut found = Found::default();
        let Some((first, others)) = folders.split_first() else { return found };
        let mut builder = WalkBuilder::new(first);
        for folder in others {
            builder.add(folder);
        }
        let ignore = !self.no_ignore;
        builder
            .hidden(false)
            .ignore(false)
            // What a user has set up for all repositories must not change a report.
            .git_global(false)
            .git_ignore(ignore)
            .git_exclude(ignore)
            // In a repository, files above its root do not count; outside of one, no file above
            // the folders that were asked for does.
            .require_git(self.in_repository)
            .parents(ignore && self.in_repository)
            .follow_links(false)
            .max_depth(Some(self.limits.max_depth))
            .threads(self.threads);
        let shared = Shared { walk: self, count: AtomicUsize::new(0), parts: Mutex::default() };
        builder.build_parallel().visit(&mut &shared);
        let parts = shared.parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        for mut part in parts {
            found.entries.append(&mut part.entries);
            found.notes.append(&mut part.notes);
        }
        found
    }
}

struct Shared<'a> {
    walk: &'a Walk<'a>,
    count: AtomicUsize,
    /// One per thread, put here when it ends.
    parts: Mutex<Vec<Found>>,
}

impl<'s> ParallelVisitorBuilder<'s> for &'s Shared<'_> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor {
            shared: self,
            found: Found::default(),
            folder: PathBuf::new(),
            chain: None,
        })
    }
}

struct Visitor<'a> {
    shared: &'a Shared<'a>,
    found: Found,
    /// The folder of the last entry, and what is excluded in it.
    folder: PathBuf,
    chain: Chain,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let found = std::mem::take(&mut self.found);
        self.shared.parts.lock().unwrap_or_else(PoisonError::into_inner).push(found);
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let walk = self.shared.walk;
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                notes::of_walk(walk.base, &error, &mut self.found.notes);
                return WalkState::Continue;
            }
        };
        if let Some(error) = entry.error() {
            notes::of_walk(walk.base, error, &mut self.found.notes);
        }
        let depth = entry.depth();
        if depth == 0 {
            return WalkState::Continue;
        }
        if entry.file_name() == ".git" {
            return WalkState::Skip;
        }
        // Links, pipes, sockets and devices are none of these.
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        if !kind.is_dir() && !kind.is_file() {
            return WalkState::Continue;
        }
        let path = entry.path();
        if self.is_excluded(path, kind.is_dir()) {
            return WalkState::Skip;
        }
        if kind.is_dir() { self.enter(path, depth) } else { self.keep(path, depth) }
    }
}

impl Visitor<'_> {
    fn is_excluded(&mut self, path: &Path, is_folder: bool) -> bool {
        let Some(folder) = path.parent() else { return false };
        if folder.as_os_str() != self.folder.as_os_str() {
            self.chain = self.shared.walk.exclusion.chain(folder);
            self.folder.as_mut_os_string().clear();
            self.folder.push(folder);
        }
        exclude::matches(&self.chain, path, is_folder)
    }

    fn enter(&mut self, path: &Path, depth: usize) -> WalkState {
        let walk = self.shared.walk;
        if depth >= walk.limits.max_depth {
            let shown = listing::shown(walk.base, path);
            self.found.notes.push(too_deep(&shown, &walk.limits));
            return WalkState::Skip;
        }
        WalkState::Continue
    }

    fn keep(&mut self, path: &Path, depth: usize) -> WalkState {
        let walk = self.shared.walk;
        let entry = Entry::file(walk.base, path, depth, false);
        if entry.path.len() > walk.limits.max_path_bytes {
            self.found.notes.push(too_long(&entry.path, &walk.limits));
            return WalkState::Continue;
        }
        self.found.entries.push(entry);
        // All files are collected first and cut in path order, so that it does not depend on the
        // threads which ones are kept. Only far beyond the limit the walk is given up.
        let count = self.shared.count.fetch_add(1, Ordering::Relaxed);
        if count >= walk.limits.max_files.saturating_mul(4) {
            return WalkState::Quit;
        }
        WalkState::Continue
    }
}

/// The note about a folder that is not entered.
pub(crate) fn too_deep(shown: &str, limits: &Limits) -> Note {
    let depth = limits.max_depth;
    notes::limit(
        shown,
        format!(
            "is more than {depth} folders deep and was not entered; name it as a root of its own"
        ),
    )
}

/// The note about a path that is longer than anything real.
pub(crate) fn too_long(path: &str, limits: &Limits) -> Note {
    let start: String = path.chars().take(128).collect();
    let most = limits.max_path_bytes;
    notes::limit(
        &format!("{start}…"),
        format!("has a path of more than {most} bytes and was not read; shorten it"),
    )
}

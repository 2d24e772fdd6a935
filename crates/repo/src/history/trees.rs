//! Which blobs the trees of commits hold, each with the first commit that has it.
//!
//! Commits come oldest first, in batches. A batch is taken level by level: first the root trees,
//! then all folders in them that were not seen before, and so on, each level in parallel. A tree is
//! looked into once, so that a commit costs what it changed, and a repository made to be endless
//! when spelled out (trees that hold the same tree many times) costs what it holds.
//!
//! A tree seen under one path is not looked into again under another: a folder that was moved as a
//! whole keeps its first path. What is left out by path is therefore not marked as seen, if it is a
//! folder; of a file that is left out inside of a folder that is moved later, nothing is told.

use std::collections::BTreeSet;

use careen_rule::{Note, NoteKind};
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::hashtable::{HashMap, HashSet};
use gix::objs::{CommitRefIter, Find as _, Kind, TreeRefIter};
use rayon::prelude::*;

use super::commits::Commit;
use super::paths::{Choice, NO_PATH, Paths};
use super::{Blob, Watch};
use crate::notes;

/// Commits whose trees are looked into together. The first is alone: it is all new.
const BATCH: usize = 256;
/// Trees that one task reads.
const TASK: usize = 32;
/// Blobs of one history. A repository with more is not meant to be searched in one go.
const MOST_BLOBS: usize = 20_000_000;

/// The search, with what it has seen.
pub(super) struct Search<'a> {
    repository: &'a gix::ThreadSafeRepository,
    choice: Choice<'a>,
    paths: Paths,
    /// Trees and blobs of earlier batches.
    past: HashSet,
    blobs: Vec<Blob>,
    damaged: usize,
    modules: BTreeSet<u32>,
    deep: BTreeSet<u32>,
    long: usize,
    too_many: bool,
}

/// What the search came to.
pub(super) struct Found {
    pub(super) paths: Paths,
    pub(super) blobs: Vec<Blob>,
    pub(super) notes: Vec<Note>,
}

/// A tree to look into.
#[derive(Clone, Copy)]
struct Folder {
    commit: u32,
    tree: ObjectId,
    path: u32,
}

/// What one tree holds of interest.
struct Item {
    kind: ItemKind,
    id: ObjectId,
    name: Box<str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ItemKind {
    Folder,
    File,
    Module,
}

impl<'a> Search<'a> {
    pub(super) fn new(repository: &'a gix::ThreadSafeRepository, choice: Choice<'a>) -> Self {
        Self {
            repository,
            choice,
            paths: Paths::new(),
            past: HashSet::default(),
            blobs: Vec::new(),
            damaged: 0,
            modules: BTreeSet::new(),
            deep: BTreeSet::new(),
            long: 0,
            too_many: false,
        }
    }

    /// The root trees of commits, in their order; nothing for a commit that cannot be read.
    pub(super) fn root_trees(&mut self, commits: &[Commit]) -> Vec<Option<ObjectId>> {
        let trees: Vec<Option<ObjectId>> = commits
            .par_chunks(BATCH)
            .flat_map_iter(|commits| {
                let view = self.repository.to_thread_local();
                let mut buffer = Vec::new();
                let trees = commits.iter().map(|commit| root_tree(&view, &commit.id, &mut buffer));
                trees.collect::<Vec<_>>()
            })
            .collect();
        self.damaged += trees.iter().filter(|tree| tree.is_none()).count();
        trees
    }

    /// The root trees of commits that are outside of the range, as far as they can be read.
    pub(super) fn root_trees_of(&self, ids: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
        let view = self.repository.to_thread_local();
        let mut buffer = Vec::new();
        ids.iter().filter_map(|id| root_tree(&view, id, &mut buffer)).collect()
    }

    /// Takes all that is in trees for seen.
    pub(super) fn mark(&mut self, trees: &[ObjectId]) {
        let mut front: Vec<ObjectId> = trees.to_vec();
        while !front.is_empty() {
            front.retain(|id| self.past.insert(*id));
            let folders: Vec<Folder> =
                front.iter().map(|tree| Folder { commit: 0, tree: *tree, path: 0 }).collect();
            let items = self.look_into(&folders);
            front.clear();
            for item in items.into_iter().flatten().flatten() {
                match item.kind {
                    ItemKind::Folder => front.push(item.id),
                    ItemKind::File => _ = self.past.insert(item.id),
                    ItemKind::Module => {}
                }
            }
        }
    }

    /// Looks through the trees of commits, the oldest first. Says whether it was cut short.
    pub(super) fn run(&mut self, trees: &[Option<ObjectId>], watch: &dyn Watch) -> bool {
        let mut done = 0;
        while done < trees.len() {
            if watch.is_cancelled() {
                return true;
            }
            let end = if done == 0 { 1 } else { trees.len().min(done + BATCH) };
            let batch = trees.get(done..end).unwrap_or_default();
            let folders = (done..).zip(batch).filter_map(|(commit, tree)| {
                let commit = u32::try_from(commit).ok()?;
                Some(Folder { commit, tree: (*tree)?, path: 0 })
            });
            let folders = folders.collect();
            self.batch(folders);
            watch.advance(end - done);
            done = end;
            if self.too_many {
                break;
            }
        }
        false
    }

    fn batch(&mut self, mut front: Vec<Folder>) {
        // What this batch has met, with the commit it is put down to. A folder may be met again,
        // deeper down in an older commit: then it is looked into again.
        let mut trees: HashMap<ObjectId, u32> = HashMap::default();
        let mut files: HashMap<ObjectId, usize> = HashMap::default();
        while !front.is_empty() {
            front.retain(|folder| {
                let older = trees.get(&folder.tree).is_none_or(|known| folder.commit < *known);
                let new = older && !self.past.contains(&folder.tree);
                if new {
                    trees.insert(folder.tree, folder.commit);
                }
                new
            });
            let contents = self.look_into(&front);
            let mut below = Vec::new();
            for (folder, items) in front.iter().zip(contents) {
                let Some(items) = items else {
                    self.damaged += 1;
                    continue;
                };
                for item in items {
                    self.take(*folder, &item, &mut files, &mut below);
                }
            }
            front = below;
        }
        self.past.extend(trees.into_keys());
        self.past.extend(files.into_keys());
    }

    fn take(
        &mut self,
        folder: Folder,
        item: &Item,
        files: &mut HashMap<ObjectId, usize>,
        below: &mut Vec<Folder>,
    ) {
        let is_folder = item.kind == ItemKind::Folder;
        if item.kind == ItemKind::File {
            let known = files.get(&item.id).and_then(|at| self.blobs.get(*at));
            if known.is_some_and(|known| known.commit <= folder.commit) {
                return;
            }
        }
        let path = self.path(folder.path, &item.name, is_folder);
        if path == NO_PATH || !self.paths.is_wanted(path) {
            return;
        }
        match item.kind {
            ItemKind::Folder => {
                below.push(Folder { commit: folder.commit, tree: item.id, path });
            }
            ItemKind::Module => _ = self.modules.insert(path),
            ItemKind::File => {
                let blob = Blob { id: item.id, commit: folder.commit, path, packed: 0 };
                if let Some(at) = files.get(&item.id) {
                    if let Some(known) = self.blobs.get_mut(*at) {
                        *known = blob;
                    }
                } else if self.blobs.len() >= MOST_BLOBS {
                    self.too_many = true;
                } else {
                    files.insert(item.id, self.blobs.len());
                    self.blobs.push(blob);
                }
            }
        }
    }

    /// The number of a path, if it is neither too deep nor too long.
    fn path(&mut self, folder: u32, name: &str, is_folder: bool) -> u32 {
        let above = self.paths.text(folder);
        let end = if is_folder { "/" } else { "" };
        let limits = self.choice.limits;
        if above.len() + name.len() + end.len() > limits.max_path_bytes {
            self.long += 1;
            return NO_PATH;
        }
        let text = format!("{above}{name}{end}");
        if let Some(known) = self.paths.find(&text) {
            return known;
        }
        let depth = memchr::memchr_iter(b'/', above.as_bytes()).count();
        if is_folder && depth >= limits.max_depth {
            self.deep.insert(folder);
            return NO_PATH;
        }
        let (wanted, within) = self.choice.judge(&text, is_folder);
        self.paths.add(text, wanted, within)
    }

    /// What trees hold that was not seen in earlier batches; `None` for one that cannot be read.
    fn look_into(&self, folders: &[Folder]) -> Vec<Option<Vec<Item>>> {
        folders
            .par_chunks(TASK)
            .flat_map_iter(|folders| {
                let view = self.repository.to_thread_local();
                let mut buffer = Vec::new();
                let read = |folder: &Folder| items(&view, &folder.tree, &self.past, &mut buffer);
                folders.iter().map(read).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Every file of one tree with its path, by number, once for each path.
    pub(super) fn list(&mut self, tree: ObjectId) -> Vec<(ObjectId, u32)> {
        let past = std::mem::take(&mut self.past);
        let mut standing = Vec::new();
        // The same folder at several paths is listed at each, up to a limit: no honest tree has it
        // often.
        let mut front = vec![Folder { commit: 0, tree, path: 0 }];
        let most = self.choice.limits.max_files;
        while !front.is_empty() && standing.len() < most {
            front.truncate(most);
            let contents = self.look_into(&front);
            let mut below = Vec::new();
            for (folder, items) in front.iter().zip(contents) {
                for item in items.into_iter().flatten() {
                    let is_folder = item.kind == ItemKind::Folder;
                    if item.kind == ItemKind::Module || standing.len() + below.len() >= most {
                        continue;
                    }
                    let path = self.path(folder.path, &item.name, is_folder);
                    if path == NO_PATH || !self.paths.is_wanted(path) {
                        continue;
                    }
                    if is_folder {
                        below.push(Folder { commit: 0, tree: item.id, path });
                    } else {
                        standing.push((item.id, path));
                    }
                }
            }
            front = below;
        }
        self.past = past;
        standing
    }

    pub(super) fn finish(self) -> Found {
        let mut notes = Vec::new();
        if self.damaged > 0 {
            let message = format!(
                "{} commits or folders of the history are missing or damaged, so what is in them \
                 was not searched; `git fsck` may say more",
                self.damaged
            );
            notes.push(Note::general(NoteKind::Unreadable, message).incomplete());
        }
        if self.long > 0 {
            let message = format!(
                "{} files or folders of the history have paths longer than {} bytes and were not \
                 searched",
                self.long, self.choice.limits.max_path_bytes
            );
            notes.push(Note::general(NoteKind::Limit, message).incomplete());
        }
        for folder in &self.deep {
            let message = format!(
                "what is more than {} folders deep was not searched",
                self.choice.limits.max_depth
            );
            notes.push(notes::limit(&self.paths.text(*folder), message));
        }
        if self.too_many {
            let message = format!(
                "the history has more than {MOST_BLOBS} versions of files and only the first were \
                 searched; name a range"
            );
            notes.push(Note::general(NoteKind::Limit, message).incomplete());
        }
        for module in &self.modules {
            let message = "is a submodule, whose history is its own: search it by itself";
            let path = self.paths.text(*module);
            notes.push(Note::about(NoteKind::Information, &*path, message));
        }
        Found { paths: self.paths, blobs: self.blobs, notes }
    }
}

fn root_tree(view: &gix::Repository, id: &ObjectId, buffer: &mut Vec<u8>) -> Option<ObjectId> {
    let data = view.objects.try_find(id, buffer).ok()??;
    let is_commit = data.kind == Kind::Commit;
    let mut commit = is_commit.then(|| CommitRefIter::from_bytes(data.data, id.kind()))?;
    commit.tree_id().ok()
}

/// The entries of a tree that are not in `past`. Links are none: what they hold is a path.
fn items(
    view: &gix::Repository,
    id: &ObjectId,
    past: &HashSet,
    buffer: &mut Vec<u8>,
) -> Option<Vec<Item>> {
    let data = view.objects.try_find(id, buffer).ok()??;
    if data.kind != Kind::Tree {
        return None;
    }
    let mut items = Vec::new();
    for entry in TreeRefIter::from_bytes(data.data, id.kind()) {
        let entry = entry.ok()?;
        let kind = if entry.mode.is_tree() {
            ItemKind::Folder
        } else if entry.mode.is_commit() {
            ItemKind::Module
        } else if entry.mode.is_blob() {
            ItemKind::File
        } else {
            continue;
        };
        if !past.contains(entry.oid) {
            let name = entry.filename.to_str_lossy().into();
            items.push(Item { kind, id: entry.oid.to_owned(), name });
        }
    }
    Some(items)
}

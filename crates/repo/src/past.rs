//! The files of a revision, from Git's objects: nothing is checked out.

use std::path::Path;

use careen_rule::{Note, NoteKind};
use gix::bstr::{BStr, ByteSlice};
use gix::index::entry::Stage;
use gix::objs::{Find as _, TreeRefIter};

use crate::Limits;
use crate::exclude::Exclusion;
use crate::git::{Git, disk_path, failure};
use crate::listing::{Entry, Place};
use crate::root::RootSet;
use crate::walk::{Found, too_deep, too_long};
use crate::{Error, notes};

/// Files of a revision.
pub(crate) struct Past {
    pub(crate) found: Found,
    /// Submodules that are today what they were, as paths with the final `/`.
    pub(crate) modules: Vec<String>,
}

/// Lists the files of the tree where `HEAD` and a revision parted, below the roots and not excluded.
pub(crate) fn files(
    git: &Git,
    revision: &str,
    base: &Path,
    roots: &RootSet,
    exclusion: &Exclusion,
    limits: &Limits,
) -> Result<Past, Error> {
    let tree = git.base_tree(revision)?;
    let mut past = Past { found: Found::default(), modules: Vec::new() };
    let mut folders = vec![(tree, Vec::new(), 0_usize)];
    let mut buffer = Vec::new();
    while let Some((tree, prefix, depth)) = folders.pop() {
        let data = git
            .repository
            .objects
            .try_find(&tree, &mut buffer)
            .map_err(|error| failure(&error))?
            .ok_or_else(|| failure(&format!("the tree {tree} is missing")))?;
        for item in TreeRefIter::from_bytes(data.data, tree.kind()) {
            let item = item.map_err(|error| failure(&error))?;
            let mut path = prefix.clone();
            path.extend_from_slice(item.filename);
            // A tree made by hand may hold paths that lead out of the repository.
            let Some(relative) = disk_path(BStr::new(&path)) else { continue };
            let is_folder = item.mode.is_tree();
            if exclusion.excludes(&base.join(relative), is_folder) {
                continue;
            }
            let shown = path.to_str_lossy().into_owned();
            if is_folder {
                path.push(b'/');
                if roots.covers(path.trim_end_with(|c| c == '/')).is_none()
                    && !roots.is_above(&path)
                {
                    continue;
                }
                if depth >= limits.max_depth {
                    past.found.notes.push(too_deep(&shown, limits));
                } else {
                    folders.push((item.oid.to_owned(), path, depth + 1));
                }
            } else if item.mode.is_commit() {
                if is_staged(git, &path, item.oid) {
                    past.modules.push(shown + "/");
                }
            } else if item.mode.is_blob()
                && let Some(covered) = roots.covers(&path)
            {
                if shown.len() > limits.max_path_bytes {
                    past.found.notes.push(too_long(&shown, limits));
                    continue;
                }
                let place = Place::Blob(item.oid.to_owned());
                past.found.entries.push(Entry::new(shown, covered.depth, covered.explicit, place));
            }
            // Trees that hold the same tree many times are endless when spelled out.
            if past.found.entries.len() + folders.len() > limits.max_files {
                let most = limits.max_files;
                let message =
                    format!("the revision has more than {most} files: name fewer roots to compare");
                past.found.notes.push(Note::general(NoteKind::Limit, message).incomplete());
                return Ok(past);
            }
        }
    }
    notes::settle(&mut past.found.notes);
    Ok(past)
}

/// Whether the index has this object at this path.
fn is_staged(git: &Git, path: &[u8], id: &gix::oid) -> bool {
    git.index.as_ref().is_some_and(|index| {
        let entry = index.entry_by_path_and_stage(BStr::new(path), Stage::Unconflicted);
        entry.is_some_and(|entry| *entry.id == *id)
    })
}

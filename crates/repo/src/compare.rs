//! A tree compared with the index.

use std::collections::HashMap;
use std::ops::Range;

use gix::index::extension::Tree as Cached;
use gix::objs::{Find as _, TreeRefIter};

use crate::Error;
use crate::git::{Git, failure};

/// Positions in the index whose entry differs from the tree in content or mode, with the id that the
/// tree has for the path, if it has the path.
pub(crate) type Differences = HashMap<usize, Option<gix::ObjectId>>;

/// A folder that has still to be compared: its tree, its path with the final `/`, its entries in
/// the index, and what the index has cached about it.
struct Folder<'i> {
    tree: gix::ObjectId,
    prefix: Vec<u8>,
    range: Range<usize>,
    cached: Option<&'i Cached>,
}

/// Compares a tree (`None`: the empty one) with the index. Of whole folders that the index knows to
/// be the same tree nothing is read, which is most of a repository when little has changed.
pub(crate) fn compare(git: &Git, tree: Option<gix::ObjectId>) -> Result<Differences, Error> {
    let mut differences = Differences::new();
    let Some(index) = &git.index else { return Ok(differences) };
    let entries = index.entries();
    let Some(tree) = tree else {
        differences.extend((0..entries.len()).map(|position| (position, None)));
        return Ok(differences);
    };
    let path_at = |position: usize| entries.get(position).map(|entry| entry.path(index));
    let mut buffer = Vec::new();
    let mut folders =
        vec![Folder { tree, prefix: Vec::new(), range: 0..entries.len(), cached: index.tree() }];
    while let Some(Folder { tree, prefix, range, cached }) = folders.pop() {
        if is_unchanged(cached, &tree, range.len()) {
            continue;
        }
        let data = git
            .repository
            .objects
            .try_find(&tree, &mut buffer)
            .map_err(|error| failure(&error))?
            .ok_or_else(|| failure(&format!("the tree {tree} is missing")))?;
        let mut position = range.start;
        let mut key = prefix.clone();
        // Both sides are in the same order once a folder counts as its name with `/`.
        for item in TreeRefIter::from_bytes(data.data, tree.kind()) {
            let item = item.map_err(|error| failure(&error))?;
            key.truncate(prefix.len());
            key.extend_from_slice(item.filename);
            let is_folder = item.mode.is_tree();
            if is_folder {
                key.push(b'/');
            }
            while position < range.end
                && path_at(position).is_some_and(|path| path < key.as_slice())
            {
                differences.insert(position, None);
                position += 1;
            }
            if is_folder {
                let length = entries.get(position..range.end).map_or(0, |rest| {
                    rest.partition_point(|entry| entry.path(index).starts_with(&key))
                });
                if length > 0 {
                    let range = position..position + length;
                    let cached = cached.and_then(|cached| child(cached, item.filename));
                    folders.push(Folder {
                        tree: item.oid.to_owned(),
                        prefix: key.clone(),
                        range,
                        cached,
                    });
                    position += length;
                }
            } else {
                // A path in conflict has several entries.
                while position < range.end
                    && path_at(position).is_some_and(|path| path == key.as_slice())
                {
                    let same = entries.get(position).is_some_and(|entry| {
                        entry.id == item.oid && entry.mode.to_tree_entry_mode() == Some(item.mode)
                    });
                    if !same {
                        differences.insert(position, Some(item.oid.to_owned()));
                    }
                    position += 1;
                }
            }
        }
        differences.extend((position..range.end).map(|position| (position, None)));
    }
    Ok(differences)
}

fn is_unchanged(cached: Option<&Cached>, tree: &gix::oid, entries: usize) -> bool {
    cached.is_some_and(|cached| {
        *cached.id == *tree
            && cached.num_entries.is_some_and(|count| usize::try_from(count) == Ok(entries))
    })
}

fn child<'i>(cached: &'i Cached, name: &[u8]) -> Option<&'i Cached> {
    cached.children.iter().find(|child| child.name.as_slice() == name)
}

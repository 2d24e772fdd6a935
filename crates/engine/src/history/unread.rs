//! Versions that were not looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use careen_repo::Content;
use careen_rule::{Note, NoteKind};

/// Paths that are remembered of versions that were not read.
const MOST_KEPT: usize = 20;
/// Paths that are named.
const MOST_NAMED: usize = 3;

/// Versions of one kind that were not looked at.
#[derive(Default)]
pub(super) struct Unread {
    pub(super) count: usize,
    pub(super) paths: BTreeSet<Arc<str>>,
}

impl Unread {
    pub(super) fn add(&mut self, count: usize, paths: impl IntoIterator<Item = Arc<str>>) {
        self.count += count;
        self.paths.extend(paths);
        while self.paths.len() > MOST_KEPT {
            self.paths.pop_last();
        }
    }

    /// What was not looked at, and what to do about it.
    pub(super) fn note(&self, content: Content) -> Option<Note> {
        let named = self.paths.iter().take(MOST_NAMED).map(|path| format!("`{path}`"));
        let named = named.collect::<Vec<_>>().join(", ");
        let count = self.count;
        let versions =
            if count == 1 { "1 version of a file" } else { &format!("{count} versions of files") };
        match content {
            Content::Text | Content::Binary => None,
            Content::Pointer => {
                let message = format!(
                    "pointers of Git LFS, whose content was not searched since it is not in the \
                     history: {versions}, such as {named}"
                );
                Some(Note::general(NoteKind::Information, message))
            }
            Content::Large => {
                let message = format!(
                    "larger than the limit and therefore not searched: {versions}, such as \
                     {named}; raise the limit or list them in `.careenignore`"
                );
                Some(Note::general(NoteKind::Limit, message))
            }
            Content::Damaged => {
                let message = format!(
                    "missing or damaged and therefore not searched: {versions}, such as {named}; \
                     `git fsck` may say more"
                );
                Some(Note::general(NoteKind::Unreadable, message).incomplete())
            }
        }
    }
}

//! The history of a repository: every version of every file, each once.
//!
//! Three steps: which commits ([`commits`]), which blobs they brought in ([`trees`]), and in what
//! order the blobs are best read ([`places`]). A blob is an object id, so that a version which a
//! thousand commits share is listed, and read, once; it is put down to the first commit that has it.
//! Nothing is checked out and no program is started.

mod commits;
mod open;
mod paths;
mod places;
mod read;
#[cfg(test)]
mod tests;
mod trees;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use careen_rule::{Note, NoteKind};
use gix::ObjectId;
use gix::hashtable::HashMap;

use self::commits::Commit;
use self::paths::Paths;
pub use self::read::Content;
use crate::discover::Ground;
use crate::{Error, Limits, Options, git, notes};

/// Hears how the search goes on, and may end it.
pub trait Watch: Sync {
    /// The number of commits to look through is known.
    fn begin(&self, _commits: usize) {}

    /// So many more of them are done.
    fn advance(&self, _commits: usize) {}

    /// Whether to stop here: what was found so far is still a history.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Watches nothing.
#[cfg(test)]
struct Blind;

#[cfg(test)]
impl Watch for Blind {}

/// One version of a file.
#[derive(Clone, Copy, Debug)]
pub struct Blob {
    id: ObjectId,
    /// The first commit that has it; one that is there for [`History::others`] has none.
    commit: u32,
    path: u32,
    /// About how many bytes it takes in its pack; 0 if that is not known.
    packed: u32,
}

/// A commit, as far as a report needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitRef {
    id: ObjectId,
    /// When it was committed, in Unix seconds.
    pub time: i64,
}

impl CommitRef {
    /// The object id, in full, in hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.to_string()
    }
}

/// The versions of the files of a repository.
pub struct History {
    /// The repository's root; of a bare one, its folder.
    pub base: PathBuf,
    /// What was passed over and why, in order.
    pub notes: Vec<Note>,
    /// Whether the search was ended before its end.
    pub is_cut_short: bool,
    repository: gix::ThreadSafeRepository,
    limits: Limits,
    commits: Vec<Commit>,
    paths: Paths,
    blobs: Vec<Blob>,
    others: Vec<Blob>,
    head: HashMap<ObjectId, Vec<u32>>,
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History")
            .field("base", &self.base)
            .field("commits", &self.commits.len())
            .field("blobs", &self.blobs.len())
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}

/// Lists the versions of files that a range of commits brought in.
///
/// `range` is a revision, for all that leads up to it, or two as in `A..B`; without one it is what
/// any reference leads to. Commits that no reference leads to are not looked for. `options` names
/// the repository and the folders and files to look at, which need not exist any more; its selection
/// is passed over. `leave_out` is asked about absolute paths of the working tree.
///
/// # Errors
///
/// If there is no repository, if it is damaged as a whole, or if the range is unknown. Single
/// objects that are missing or damaged are notes.
pub fn history(
    options: &Options,
    range: Option<&str>,
    leave_out: &(dyn Fn(&Path) -> bool + Sync),
    watch: &dyn Watch,
) -> Result<History, Error> {
    let working = std::env::current_dir().map_err(Error::WorkingDirectory)?;
    history_in(&working, options, range, leave_out, watch)
}

/// [`history`] in any working directory.
pub(crate) fn history_in(
    working: &Path,
    options: &Options,
    range: Option<&str>,
    leave_out: &(dyn Fn(&Path) -> bool + Sync),
    watch: &dyn Watch,
) -> Result<History, Error> {
    let ground = Ground::find(working, options)?;
    let (base, repository) = open::open(&ground, options)?;
    let chosen = commits::choose(&repository, range)?;
    let mut walked = commits::walk(&repository, &chosen, watch)?;
    let head = head(&repository, &mut walked.notes);
    let exclusion = ground.exclusion(&base, options);
    let roots = ground.root_set(&base);
    let shared = repository.into_sync();
    let mut search = trees::Search::new(
        &shared,
        paths::Choice {
            base: &base,
            roots: &roots,
            exclusion: &exclusion,
            leave_out,
            limits: &options.limits,
        },
    );
    let trees = search.root_trees(&walked.commits);
    let boundary = search.root_trees_of(&walked.boundary);
    search.mark(&boundary);
    watch.begin(trees.len());
    let is_cut_short = search.run(&trees, watch) || walked.is_cut_short;
    let standing = head.map(|tree| search.list(tree)).unwrap_or_default();
    let mut found = search.finish();
    let others = if range.is_some() { others(&standing, &found.blobs) } else { Vec::new() };
    places::sort(&shared, &mut found.blobs);

    let mut notes = walked.notes;
    notes.append(&mut found.notes);
    notes.append(&mut exclusion.into_notes());
    notes::settle(&mut notes);
    let mut head: HashMap<ObjectId, Vec<u32>> = HashMap::default();
    for (id, path) in standing {
        head.entry(id).or_default().push(path);
    }
    walked.commits.shrink_to_fit();
    Ok(History {
        base,
        notes,
        is_cut_short,
        repository: shared,
        limits: options.limits,
        commits: walked.commits,
        paths: found.paths,
        blobs: found.blobs,
        others,
        head,
    })
}

/// The tree of `HEAD`.
fn head(repository: &gix::Repository, notes: &mut Vec<Note>) -> Option<ObjectId> {
    match git::head_tree(repository) {
        Ok(Some(tree)) => Some(tree),
        Ok(None) => {
            let message = "`HEAD` leads to no commit, so everything counts as no longer in it";
            notes.push(Note::general(NoteKind::Information, message));
            None
        }
        Err(_) => {
            let message = "`HEAD` cannot be read, so everything counts as no longer in it; `git \
                           fsck` may say more";
            notes.push(Note::general(NoteKind::Unreadable, message).incomplete());
            None
        }
    }
}

/// What stands in `HEAD` and is not among the blobs of the range.
fn others(standing: &[(ObjectId, u32)], blobs: &[Blob]) -> Vec<Blob> {
    let mut known: gix::hashtable::HashSet = blobs.iter().map(|blob| blob.id).collect();
    let new = standing.iter().filter(|(id, _)| known.insert(*id));
    new.map(|(id, path)| Blob { id: *id, commit: u32::MAX, path: *path, packed: 0 }).collect()
}

impl History {
    /// The versions, in the order in which they are best read: neighbours share their deltas.
    #[must_use]
    pub fn blobs(&self) -> &[Blob] {
        &self.blobs
    }

    /// What stands in `HEAD` besides, if the history is that of a range: nothing to report, but it
    /// tells whether something that the range brought in still stands.
    #[must_use]
    pub fn others(&self) -> &[Blob] {
        &self.others
    }

    /// How many commits were looked through.
    #[must_use]
    pub fn commit_count(&self) -> usize {
        self.commits.len()
    }

    /// The path that a version has in the first commit, as a report shows it.
    #[must_use]
    pub fn path(&self, blob: &Blob) -> Arc<str> {
        self.paths.text(blob.path)
    }

    /// That path relative to the root under which it was asked for, as [`Entry::within`] is.
    ///
    /// [`Entry::within`]: crate::Entry::within
    #[must_use]
    pub fn within(&self, blob: &Blob) -> &str {
        self.paths.within(blob.path)
    }

    /// The first commit that has a version.
    #[must_use]
    pub fn commit(&self, blob: &Blob) -> Option<CommitRef> {
        let commit = self.commits.get(blob.commit as usize)?;
        Some(CommitRef { id: commit.id, time: commit.time })
    }

    /// Where the first commit of a version stands among all, the oldest first.
    #[must_use]
    pub fn order(&self, blob: &Blob) -> u32 {
        blob.commit
    }

    /// Who wrote a commit, as it says.
    #[must_use]
    pub fn author(&self, commit: &CommitRef) -> Option<String> {
        commits::author(&self.repository.to_thread_local(), &commit.id)
    }

    /// The paths that a version has in `HEAD`.
    pub fn standing(&self, blob: &Blob) -> impl Iterator<Item = Arc<str>> {
        self.head.get(&blob.id).into_iter().flatten().map(|path| self.paths.text(*path))
    }

    /// Reads versions one after the other, each into the same buffer. Ends when `each` says so.
    pub fn read(
        &self,
        blobs: &[Blob],
        buffer: &mut Vec<u8>,
        each: impl FnMut(&Blob, Content, &mut Vec<u8>) -> std::ops::ControlFlow<()>,
    ) {
        read::read(&self.repository, &self.limits, blobs, buffer, each);
    }
}

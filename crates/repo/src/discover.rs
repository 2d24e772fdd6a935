//! From the user's wishes to a listing.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use careen_rule::{Note, NoteKind};
use careen_text::sanitize_line;

use crate::exclude::Exclusion;
use crate::git::{Git, path_bytes};
use crate::listing::{self, Entry, Listing, Place};
use crate::root::{self, Root, RootKind, RootSet};
use crate::walk::{Found, Walk};
use crate::{Error, Options, Selection, changes, notes, past, read};

/// Finds the files to check.
///
/// `.gitignore` counts for files that are not tracked: inside a repository up to its root, outside
/// of one up to the root that was asked for. `.careenignore` counts for every file, also for staged
/// and explicitly named ones. Hidden files are walked, `.git` is not. Links are not followed unless
/// they are roots.
///
/// # Errors
///
/// If a root does not exist or cannot be reached, if a selection needs a repository and there is
/// none, if a revision is unknown, or if the repository is damaged.
pub fn discover(options: &Options) -> Result<Listing, Error> {
    let working = std::env::current_dir().map_err(Error::WorkingDirectory)?;
    discover_in(&working, options)
}

/// [`discover`] in any working directory.
pub(crate) fn discover_in(working: &Path, options: &Options) -> Result<Listing, Error> {
    let ground = Ground::find(working, options)?;
    let roots = &ground.roots;
    let in_repository = ground.repository.is_some();
    let base = ground.repository.as_ref().unwrap_or(&ground.working).clone();
    let exclusion = ground.exclusion(&base, options);
    let search = Search { options, base: &base, in_repository, roots, exclusion: &exclusion };

    let mut repository = None;
    let mut found = match &options.selection {
        Selection::Tree => search.tree()?,
        Selection::Tracked => search.tracked()?,
        Selection::Staged => {
            let git = search.required_git()?;
            let found = search.staged(&git)?;
            repository = Some(git.repository.into_sync());
            found
        }
        Selection::Changed(revision) => search.changed(revision)?,
        Selection::At(revision) => {
            let git = search.required_git()?;
            let found = search.at(&git, revision)?;
            repository = Some(git.repository.into_sync());
            found
        }
    };
    if options.roots.iter().any(|root| is_stdin(root)) {
        let name = options.stdin_name.clone().unwrap_or_else(|| "<stdin>".to_owned());
        let depth = 1 + memchr::memchr_iter(b'/', name.as_bytes()).count();
        found.entries.push(Entry::new(name, depth, true, Place::Stdin));
    }
    found.notes.append(&mut exclusion.into_notes());

    listing::settle(&mut found.entries);
    let most = options.limits.max_files;
    if found.entries.len() > most {
        found.entries.truncate(most);
        let message = format!(
            "more than {most} files were found and only the first were checked; name fewer roots"
        );
        found.notes.push(Note::general(NoteKind::Limit, message).incomplete());
    }
    notes::settle(&mut found.notes);
    let folders = roots.iter().filter(|root| root.kind == RootKind::Folder);
    let folders = folders.map(|root| root.real.clone()).chain(base.canonicalize().ok()).collect();
    Ok(Listing {
        folders,
        base,
        in_repository,
        entries: found.entries,
        notes: found.notes,
        limits: options.limits,
        repository,
    })
}

/// Where a run takes place, before anything is looked for.
pub(crate) struct Ground {
    working: PathBuf,
    /// What was asked for besides standard input; the working folder if nothing was.
    pub(crate) roots: Vec<Root>,
    /// Where the repository is looked for.
    pub(crate) start: PathBuf,
    /// The folder that holds `.git`.
    pub(crate) repository: Option<PathBuf>,
}

impl Ground {
    pub(crate) fn find(working: &Path, options: &Options) -> Result<Self, Error> {
        let working = working.canonicalize().map_err(Error::WorkingDirectory)?;
        let mut roots = Vec::new();
        for given in options.roots.iter().filter(|root| !is_stdin(root)) {
            roots.push(root::resolve(&working, given)?);
        }
        if options.roots.is_empty() {
            roots.push(root::resolve(&working, Path::new("."))?);
        }
        let start = roots.first().map_or(&working, |root| &root.path).clone();
        let repository = root::repository_of(&start).map(Path::to_path_buf);
        Ok(Self { working, roots, start, repository })
    }

    /// What is excluded below the base and below roots outside of it.
    pub(crate) fn exclusion(&self, base: &Path, options: &Options) -> Exclusion {
        let folder = |root: &Root| {
            let is_folder = root.kind == RootKind::Folder;
            if is_folder { root.path.clone() } else { parent_of(&root.path).to_path_buf() }
        };
        let tops = self.roots.iter().map(folder).filter(|folder| !folder.starts_with(base));
        let tops = tops.chain([base.to_path_buf()]).collect::<HashSet<PathBuf>>();
        Exclusion::new(base, tops, !options.no_ignore)
    }

    /// The paths below a base that were asked for; in a bare repository there are none to name.
    pub(crate) fn root_set(&self, base: &Path) -> RootSet {
        if self.repository.is_some() {
            RootSet::new(base, self.roots.iter())
        } else {
            RootSet::everything()
        }
    }
}

struct Search<'a> {
    options: &'a Options,
    base: &'a Path,
    in_repository: bool,
    roots: &'a [Root],
    exclusion: &'a Exclusion,
}

impl Search<'_> {
    fn required_git(&self) -> Result<Git, Error> {
        if !self.in_repository {
            let start = self.roots.first().map_or(self.base, |root| &root.path);
            return Err(Error::NotARepository {
                path: sanitize_line(&start.to_string_lossy()).into_owned(),
            });
        }
        Git::open(self.base, self.options.index_file.as_deref())
    }

    fn tree(&self) -> Result<Found, Error> {
        let has_folder = self.roots.iter().any(|root| root.kind == RootKind::Folder);
        if !self.in_repository || !has_folder || self.options.no_ignore {
            return self.on_disk(None);
        }
        // Without a readable index the run is still worth something.
        match Git::open(self.base, self.options.index_file.as_deref()) {
            Ok(git) => self.on_disk(Some(&git)),
            Err(error) => {
                let mut found = self.on_disk(None)?;
                let message =
                    format!("tracked files that `.gitignore` names were not looked for: {error}");
                found.notes.push(Note::general(NoteKind::Information, message));
                Ok(found)
            }
        }
    }

    /// The files as they were. What is in a submodule that has not moved since is what it was: it is
    /// read from disk.
    fn at(&self, git: &Git, revision: &str) -> Result<Found, Error> {
        let set = RootSet::new(self.base, self.roots.iter());
        let limits = &self.options.limits;
        let past = past::files(git, revision, self.base, &set, self.exclusion, limits)?;
        let mut found = past.found;
        if !past.modules.is_empty() {
            let mut today = self.on_disk(Some(git))?.entries;
            today.retain(|entry| {
                past.modules.iter().any(|module| entry.path.starts_with(&**module))
            });
            found.entries.append(&mut today);
        }
        Ok(found)
    }

    fn changed(&self, revision: &str) -> Result<Found, Error> {
        let git = self.required_git()?;
        let mut found = self.on_disk(Some(&git))?;
        let limits = &self.options.limits;
        changes::retain_changed(&git, self.base, revision, limits, &mut found.entries)?;
        Ok(found)
    }

    fn staged(&self, git: &Git) -> Result<Found, Error> {
        for root in self.roots.iter().filter(|root| root.kind == RootKind::Missing) {
            // What is staged need not be on disk.
            let tracked = root
                .real
                .strip_prefix(self.base)
                .is_ok_and(|path| changes::is_tracked(git, &path_bytes(path)));
            if !tracked {
                return Err(Error::NoSuchRoot { path: root.given.clone() });
            }
        }
        if self.roots.is_empty() {
            return Ok(Found::default());
        }
        let set = RootSet::new(self.base, self.roots.iter());
        changes::staged(git, self.base, &set, self.exclusion, &self.options.limits)
    }

    /// The files that Git tracks: no folder is walked.
    fn tracked(&self) -> Result<Found, Error> {
        let git = self.required_git()?;
        let (mut found, _) = self.named()?;
        let mut notes = Vec::new();
        found.entries.retain(|entry| {
            let path = entry.on_disk(self.base);
            let relative = path.as_deref().and_then(|path| path.strip_prefix(self.base).ok());
            let kept = relative.is_some_and(|path| changes::is_tracked(&git, &path_bytes(path)));
            if !kept {
                let message = "was named but Git does not track it, so it was not checked";
                notes.push(Note::about(NoteKind::Information, &*entry.path, message));
            }
            kept
        });
        found.notes.append(&mut notes);
        self.add_tracked(&git, &mut found);
        Ok(found)
    }

    /// The files below all roots, whatever changed.
    fn on_disk(&self, git: Option<&Git>) -> Result<Found, Error> {
        let (mut found, folders) = self.named()?;
        let walk = Walk {
            base: self.base,
            in_repository: self.in_repository,
            limits: self.options.limits,
            no_ignore: self.options.no_ignore,
            threads: self.options.threads,
            exclusion: self.exclusion,
        };
        let mut walked = walk.run(&folders);
        found.entries.append(&mut walked.entries);
        found.notes.append(&mut walked.notes);
        if let Some(git) = git {
            self.add_tracked(git, &mut found);
        }
        Ok(found)
    }

    /// Adds what Git tracks below the folders and was not found yet.
    fn add_tracked(&self, git: &Git, found: &mut Found) {
        let folders = self.roots.iter().filter(|root| root.kind == RootKind::Folder);
        let set = RootSet::new(self.base, folders);
        let limits = &self.options.limits;
        changes::add_tracked(git, self.base, &set, self.exclusion, limits, found);
    }

    /// The files that were named, and the folders.
    fn named(&self) -> Result<(Found, Vec<&Path>), Error> {
        let mut found = Found::default();
        let mut folders = Vec::new();
        for root in self.roots {
            let is_folder = root.kind == RootKind::Folder;
            let shown = || listing::shown(self.base, &root.path);
            if root.kind == RootKind::Missing {
                return Err(Error::NoSuchRoot { path: root.given.clone() });
            }
            if self.exclusion.excludes(&root.path, is_folder) {
                let message = "was named but is listed in `.careenignore`, so it was not checked";
                found.notes.push(Note::about(NoteKind::Information, shown(), message));
            } else if is_folder {
                folders.push(&*root.path);
            } else if root.kind == RootKind::Special {
                found.notes.push(read::not_regular(&shown()));
            } else {
                found.entries.push(Entry::file(self.base, &root.path, 0, true));
            }
        }
        Ok((found, folders))
    }
}

fn is_stdin(root: &Path) -> bool {
    root.as_os_str() == "-"
}

fn parent_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

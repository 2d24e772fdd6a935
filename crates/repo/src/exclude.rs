//! `.careenignore`: what the project does not want checked, in the syntax of `.gitignore`.
//!
//! Unlike `.gitignore`, it also holds for tracked, staged and explicitly named files, so one matcher
//! serves all ways to find a file. The files of all folders from the base (or from a root outside of
//! it) down to the file's folder count, deeper ones first; nothing re-includes what is below an
//! excluded folder.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use careen_rule::Note;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::{listing, notes};

const NAME: &str = ".careenignore";
/// A longer ignore file is not meant by anybody.
const MAX_BYTES: u64 = 1024 * 1024;

/// The patterns that hold in a folder, its own first; `None` where there are none.
pub(crate) type Chain = Option<Arc<Link>>;

pub(crate) struct Link {
    matcher: Gitignore,
    parent: Chain,
}

/// All `.careenignore` files of a run, read when their folder is first met.
pub(crate) struct Exclusion {
    enabled: bool,
    base: PathBuf,
    /// Folders above which no file is looked for.
    tops: HashSet<PathBuf>,
    chains: Mutex<HashMap<PathBuf, Chain>>,
    notes: Mutex<Vec<Note>>,
}

impl Exclusion {
    pub(crate) fn new(base: &Path, tops: HashSet<PathBuf>, enabled: bool) -> Self {
        Self {
            enabled,
            base: base.to_path_buf(),
            tops,
            chains: Mutex::default(),
            notes: Mutex::default(),
        }
    }

    /// The patterns that hold for what is directly in `folder`.
    pub(crate) fn chain(&self, folder: &Path) -> Chain {
        if !self.enabled {
            return None;
        }
        let mut chains = self.chains.lock().unwrap_or_else(PoisonError::into_inner);
        let mut missing = Vec::new();
        let mut chain = None;
        for folder in folder.ancestors() {
            if let Some(known) = chains.get(folder) {
                chain = known.clone();
                break;
            }
            missing.push(folder);
            if self.tops.contains(folder) {
                break;
            }
        }
        for folder in missing.into_iter().rev() {
            if let Some(matcher) = self.read(folder) {
                chain = Some(Arc::new(Link { matcher, parent: chain }));
            }
            chains.insert(folder.to_path_buf(), chain.clone());
        }
        chain
    }

    /// Whether a path or a folder above it is excluded.
    pub(crate) fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        if !self.enabled {
            return false;
        }
        let mut is_folder = is_folder;
        for path in path.ancestors() {
            if self.tops.contains(path) {
                break;
            }
            let Some(folder) = path.parent() else { break };
            if matches(&self.chain(folder), path, is_folder) {
                return true;
            }
            is_folder = true;
        }
        false
    }

    /// What was wrong with the ignore files read so far.
    pub(crate) fn into_notes(self) -> Vec<Note> {
        self.notes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, folder: &Path) -> Option<Gitignore> {
        let path = folder.join(NAME);
        // A pipe of this name would block the run for ever, a link could lead anywhere.
        let metadata = path.symlink_metadata().ok()?;
        let shown = listing::shown(&self.base, &path);
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            self.note(notes::limit(
                &shown,
                format!("is passed over: it must be a regular file of at most {MAX_BYTES} bytes"),
            ));
            return None;
        }
        let content = match std::fs::read(&path) {
            Ok(content) => content,
            Err(error) => {
                self.note(notes::unreadable(&shown, &error));
                return None;
            }
        };
        let text = String::from_utf8_lossy(&content);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut builder = GitignoreBuilder::new(folder);
        for (line, pattern) in (1..).zip(text.lines()) {
            if let Err(error) = builder.add_line(None, pattern) {
                self.note(notes::bad_pattern(
                    shown.clone(),
                    Some(line),
                    pattern,
                    &error.to_string(),
                ));
            }
        }
        match builder.build() {
            Ok(matcher) => Some(matcher).filter(|matcher| !matcher.is_empty()),
            Err(error) => {
                self.note(notes::bad_pattern(shown, None, "", &error.to_string()));
                None
            }
        }
    }

    fn note(&self, note: Note) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }
}

/// Whether the patterns exclude a path, its folders aside.
pub(crate) fn matches(chain: &Chain, path: &Path, is_folder: bool) -> bool {
    let mut link = chain.as_ref();
    while let Some(current) = link {
        match current.matcher.matched(path, is_folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => link = current.parent.as_ref(),
        }
    }
    false
}

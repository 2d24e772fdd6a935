//! Tests over real folders and repositories; the `git` binary is the oracle.

mod git;
mod read;
mod roots;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::discover::discover_in;
use crate::{Error, Listing, Options, Outcome, Selection};

/// A folder of its own, gone at the end of the test.
pub(crate) struct Folder {
    _guard: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = guard.path().canonicalize().unwrap();
        Self { _guard: guard, path }
    }

    /// A folder with an empty repository; `None`, said aloud, where there is no `git`.
    pub(crate) fn repository() -> Option<Self> {
        let folder = Self::new();
        if Command::new("git").arg("--version").output().is_err() {
            #[allow(clippy::print_stderr, reason = "a skipped test must be seen")]
            {
                eprintln!("SKIPPED: there is no `git` to compare with");
            }
            return None;
        }
        folder.git(&["init", "--quiet", "--initial-branch=main"]);
        Some(folder)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_with(arguments, &[])
    }

    pub(crate) fn git_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        let output = command
            .current_dir(&self.path)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(environment.iter().copied())
            .args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "commit.gpgSign=false",
            ])
            .args(["-c", "core.quotePath=false", "-c", "core.autocrlf=false"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn commit(&self) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
        self
    }

    /// What git lists with `-z`, sorted.
    fn oracle(&self, commands: &[&[&str]]) -> Vec<String> {
        let mut paths = Vec::new();
        for command in commands {
            let output = self.git(command);
            paths.extend(output.split_terminator('\0').map(str::to_owned));
        }
        paths.sort();
        paths.dedup();
        paths
    }

    fn list(&self, options: &Options) -> Listing {
        self.try_list(options).unwrap()
    }

    fn try_list(&self, options: &Options) -> Result<Listing, Error> {
        discover_in(&self.path, options)
    }

    fn select(&self, selection: Selection, roots: &[&str]) -> Listing {
        self.list(&Options {
            selection,
            roots: roots.iter().map(PathBuf::from).collect(),
            ..Options::default()
        })
    }

    fn tree(&self) -> Listing {
        self.select(Selection::Tree, &[])
    }

    fn staged(&self) -> Listing {
        self.select(Selection::Staged, &[])
    }

    fn since(&self, revision: &str) -> Listing {
        self.select(Selection::Changed(revision.to_owned()), &[])
    }
}

fn paths(listing: &Listing) -> Vec<&str> {
    listing.entries.iter().map(|entry| &*entry.path).collect()
}

/// Notes as `kind path: message`, with `!` if the analysis is incomplete.
fn notes(listing: &Listing) -> Vec<String> {
    let note = |note: &careen_rule::Note| {
        let path = note.path.as_deref().unwrap_or("-");
        let mark = if note.incomplete { "!" } else { "" };
        format!("{}{mark} {path}: {}", note.kind, note.message)
    };
    listing.notes.iter().map(note).collect()
}

fn content(listing: &Listing, path: &str) -> Vec<u8> {
    let entry = listing.entries.iter().find(|entry| &*entry.path == path).unwrap();
    let mut buffer = b"left over".to_vec();
    assert_eq!(crate::open(listing).read(entry, &mut buffer), Outcome::Text);
    buffer
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

//! What the user asks for: roots, selection, limits.

use std::ffi::OsString;
use std::path::PathBuf;

/// Bounds on what is walked and read. Reaching one makes a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest text that is read, in bytes. A larger one is not read at all.
    pub max_file_bytes: u64,
    /// The most files of one run. The first ones in path order are kept.
    pub max_files: usize,
    /// How many folders deep below a root files are looked for.
    pub max_depth: usize,
    /// The longest reported path, in bytes.
    pub max_path_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 5 * 1024 * 1024,
            max_files: 1_000_000,
            max_depth: 64,
            max_path_bytes: 4096,
        }
    }
}

/// Which files below the roots are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All that are not ignored.
    #[default]
    Tree,
    /// The ones that Git tracks, ignored or not, with their content in the working tree.
    Tracked,
    /// The ones whose staged content differs from `HEAD`, with the staged content.
    Staged,
    /// The ones in the working tree that differ from what they were where `HEAD` and this revision
    /// parted, untracked ones included.
    Changed(String),
    /// All that were there where `HEAD` and this revision parted, as they were.
    At(String),
}

/// Everything [`discover`](crate::discover) needs to know.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folders and files to look at; none means the working directory, `-` standard input.
    pub roots: Vec<PathBuf>,
    /// Which files below the roots are wanted.
    pub selection: Selection,
    /// Bounds on the walk and on reading.
    pub limits: Limits,
    /// The path under which standard input is reported; `<stdin>` if there is none.
    pub stdin_name: Option<String>,
    /// Whether `.gitignore`, `.git/info/exclude` and `.careenignore` are passed over.
    pub no_ignore: bool,
    /// The value of the environment variable `GIT_INDEX_FILE`. In a hook of `git commit -a` or `git
    /// commit PATH` it names the index to be committed, and the repository's own is stale. It is
    /// passed over unless it lies in the repository's Git folder.
    pub index_file: Option<OsString>,
    /// Threads of the walk; 0 takes what the machine has.
    pub threads: usize,
}

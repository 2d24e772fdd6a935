//! `--cache`: keeps what was found clean for the next run, one file a repository.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use careen_detectors::Detectors;
use careen_engine::{Clean, MOST_CLEAN_BYTES};
use careen_repo::Selection;
use careen_rule::Report;

use crate::args::CheckArguments;
use crate::files::{read_at_most, replace};
use crate::plan::{Plan, options};
use crate::{complain, environment, exclude};

/// The memory of one repository, and where it is kept.
#[derive(Debug)]
pub(crate) struct Cache {
    path: PathBuf,
    clean: Clean,
    /// Whether this run looks at the repository as a whole, so that what it does not meet is gone.
    whole: bool,
}

impl Cache {
    /// Reads what is known, if that is wanted.
    pub(crate) fn open(arguments: &CheckArguments, plan: &Plan) -> Result<Option<Self>> {
        let Some(wanted) = &arguments.cache else { return Ok(None) };
        let folder = match wanted {
            Some(folder) => folder.clone(),
            None => usual().ok_or_else(|| {
                anyhow!("`--cache` knows no folder of yours on this system: write `--cache=DIR`")
            })?,
        };
        let shown = folder.display().to_string();
        let (base, start) = exclude::base(&arguments.paths)?;
        let inside = || {
            anyhow!(
                "the cache {shown} is inside of what is checked, where others could write to it: \
                 choose a folder outside"
            )
        };
        // Asked before the folder is made, and again where links lead.
        if std::path::absolute(&folder).is_ok_and(|folder| folder.starts_with(&base)) {
            return Err(inside());
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make the cache {shown}"))?;
        let folder = folder.canonicalize().with_context(|| format!("cannot find {shown}"))?;
        if folder.starts_with(&base) {
            return Err(inside());
        }
        let mut name = blake3::hash(base.to_string_lossy().as_bytes()).to_hex().to_string();
        name.truncate(32);
        let path = folder.join(format!("{name}.clean"));
        let mut clean = Clean::new(digest(plan)?, plan.now());
        let known = read_at_most(&path, MOST_CLEAN_BYTES);
        // A memory that is missing, torn or of another version is none: the run is slower, no more.
        let _ = known.is_ok_and(|bytes| clean.restore(&bytes));
        let narrow = options(arguments).selection != Selection::Tree || arguments.history.is_some();
        Ok(Some(Self { path, clean, whole: !narrow && start == base }))
    }

    /// What the engine asks.
    pub(crate) const fn clean(&self) -> &Clean {
        &self.clean
    }

    /// Keeps what this run met. A cache that cannot be written is told, but it is no failure.
    pub(crate) fn close(&self, report: &Report) {
        let bytes = self.clean.write(!self.whole || !report.is_complete());
        if let Err(error) = replace(&self.path, &bytes) {
            complain(&format!("note: the cache {} is not written: {error}", self.path.display()));
        }
    }
}

/// The folder for caches of this user.
fn usual() -> Option<PathBuf> {
    let of = |name: &str| environment(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let folder = if cfg!(windows) {
        of("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        of("HOME").map(|home| home.join("Library/Caches"))
    } else {
        of("XDG_CACHE_HOME").or_else(|| of("HOME").map(|home| home.join(".cache")))
    };
    folder.map(|folder| folder.join("careen"))
}

/// Stands for all that decides what is found in a text besides the text and its path: this build,
/// the rules that run, what they are told, and the user's detectors.
fn digest(plan: &Plan) -> Result<[u8; 32]> {
    let mut words = format!("careen {}\n", env!("CARGO_PKG_VERSION"));
    // Two builds of one version may have other rules.
    let build = std::env::current_exe().and_then(fs::metadata);
    let build = build.context("cannot look at the executable")?;
    let modified = build.modified().ok();
    let detectors: &[Detectors] = &plan.detectors;
    // Writing to a string cannot fail. What is written is never read back, so any form will do.
    let _ = writeln!(words, "{} {modified:?}", build.len());
    let _ = writeln!(words, "{:?}", plan.selection);
    let _ = writeln!(words, "{:?}", plan.context.kubernetes);
    let _ = writeln!(words, "{:?}", plan.context.options);
    let _ = writeln!(words, "{:?} {:?}", plan.context.pki, plan.context.forecast);
    let _ = writeln!(words, "{detectors:?}");
    Ok(*blake3::hash(words.as_bytes()).as_bytes())
}

//! Who checks: the other side of this crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careen_rule::{Judged, Meta, Region};

use crate::Settings;

/// Checks texts and folders for an editor. Called from several threads.
pub trait Checker: Send + Sync {
    /// Every rule there is, by id.
    fn rules(&self) -> Vec<&'static Meta>;

    /// A path without symbolic links, as far as it exists: so two names of one file are one.
    fn canonical(&self, path: &Path) -> PathBuf;

    /// Checks one text by itself. Rules that look across files do not run. All findings that are
    /// told stand in this text.
    fn check_text(&self, settings: &Settings, text: &Text) -> Outcome;

    /// Checks a folder, with texts of open documents in place of the files of that path.
    fn check_folder(
        &self,
        settings: &Settings,
        folder: &Path,
        texts: &BTreeMap<PathBuf, Arc<str>>,
    ) -> Outcome;
}

/// A text that an editor holds.
#[derive(Clone, Debug)]
pub struct Text {
    /// Where it is on disk, without symbolic links. It need not be there yet.
    pub path: Option<PathBuf>,
    /// The name that tells its kind, if it has no path: `Dockerfile`, `untitled.yaml`.
    pub name: String,
    /// The folder of the workspace that holds it, if one does.
    pub folder: Option<PathBuf>,
    /// The text.
    pub text: Arc<str>,
}

/// What a check came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What the paths of findings are relative to.
    pub base: PathBuf,
    /// What was found; suppressed findings are not among them.
    pub findings: Vec<Judged>,
    /// What is wrong besides: with the configuration, with a suppression, with the syntax.
    pub problems: Vec<Problem>,
    /// Why nothing could be checked, if that is so: one message for the user.
    pub failure: Option<String>,
    /// Ids of the rules that look across files.
    pub across: BTreeSet<&'static str>,
    /// Of the texts that were given, those that ignore files or the configuration leave out.
    pub ignored: Vec<PathBuf>,
    /// Files that were looked at.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Something that is wrong and no finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, absolute; of a text without a path, its name.
    pub path: PathBuf,
    /// Where.
    pub region: Region,
    /// How bad it is.
    pub level: Level,
    /// One sentence with the remedy.
    pub message: String,
    /// What it is about, as one word: `configuration`, `suppression`, `syntax`.
    pub kind: &'static str,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is checked because of it.
    Error,
    /// Something may be missing.
    Warning,
    /// Worth knowing.
    Information,
}

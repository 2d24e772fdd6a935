//! Checks for an editor: with the texts that it holds, whatever the files say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careen_repo::Options;
use careen_rule::Report;
use careen_text::Source;

use crate::judge::Wanted;
use crate::pass::Overlay;
use crate::{Engine, is_whole, knows_all};

/// A run in which texts stood for files.
#[derive(Debug)]
pub struct Overlaid {
    /// The report.
    pub report: Report,
    /// What the paths of the report are relative to: absolute.
    pub base: PathBuf,
    /// Of the texts that were given, those that stood for a file that was looked at.
    pub used: BTreeSet<PathBuf>,
}

impl Engine<'_> {
    /// Checks as [`Engine::check`] does, with texts in place of the files of these absolute paths,
    /// which hold no symbolic links. A text whose file is not among what is checked (it is ignored,
    /// excluded, not there yet) stands for nothing.
    ///
    /// # Errors
    ///
    /// As [`Engine::check`].
    pub fn check_with(
        &self,
        options: &Options,
        texts: &BTreeMap<PathBuf, Arc<str>>,
    ) -> Result<Overlaid, careen_repo::Error> {
        let listing = self.listing(options)?;
        let mut overlay = Overlay::new();
        let mut used = BTreeSet::new();
        for (path, text) in texts {
            let shown = shown(&listing.base, path);
            let at = listing.entries.binary_search_by(|entry| entry.path.as_ref().cmp(&shown));
            let entry = at.ok().and_then(|at| listing.entries.get(at));
            if let Some(entry) = entry.filter(|entry| entry.is_file()) {
                overlay.insert(Arc::clone(&entry.path), text.to_string());
                used.insert(path.clone());
            }
        }
        let reader = careen_repo::open(&listing);
        let pass = self
            .in_pool(|| self.pass_over(&listing.entries, &reader, &overlay, knows_all(options)));
        let wanted = Wanted { whole: is_whole(options), ..Wanted::default() };
        let verdict = self.in_pool(|| self.judge(pass, listing.notes.clone(), wanted));
        Ok(Overlaid { report: verdict.report, base: listing.base, used })
    }

    /// Checks one text by itself: rules that need other files do not run, and what no longer holds
    /// because of them is only known of those in `beside`, such as a Kustomization that names the
    /// text as a patch. These are not linted.
    ///
    /// `within` is the path below the folder that the user chose, by which the text is classified.
    #[must_use]
    pub fn check_alone(
        &self,
        source: Arc<Source>,
        within: &str,
        beside: Vec<Arc<Source>>,
    ) -> Report {
        let pass = self.in_pool(|| self.pass_over_one(source, within, beside));
        self.in_pool(|| self.judge(pass, Vec::new(), Wanted::default())).report
    }
}

/// A path as a listing shows it.
fn shown(base: &Path, path: &Path) -> String {
    let text = path.strip_prefix(base).unwrap_or(path).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

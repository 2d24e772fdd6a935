//! The run: discover, read, parse and lint in one parallel pass, then judge.
//!
//! [`Engine::check`] is the way through; [`Engine::mend`] takes it several times, with fixed
//! texts in place of files, and [`Engine::check_history`] with versions of files. [`Engine::check_with`]
//! takes it once with texts that an editor holds, and [`Engine::check_alone`] stops half-way, at one. Each file is read once; what is no artifact is linted and dropped in
//! the task that read it. Every linter runs under panic isolation. The result does not depend on
//! the number of threads.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod clean;
mod fold;
mod fragments;
mod history;
mod ignores;
mod images;
mod isolate;
mod judge;
mod mend;
mod overlaid;
mod pass;
mod progress;
mod record;
mod scene;
mod sentence;
mod snippet;
mod suppress;
mod unite;
mod veil;

use std::sync::Arc;

use careen_ledger::Ledger;
use careen_model::{Context, Linter};
use careen_policy::Selection;
use careen_rule::{Meta, Note, NoteKind, Report, Tool};
use careen_text::Source;
use globset::GlobSet;

pub use clean::{Clean, MOST_CLEAN_BYTES};
pub use images::{Examiner, ImageInput, Images, Lookup};
pub use mend::{Change, Hunk, Line, Mended, Sign};
pub use overlaid::Overlaid;
pub use progress::{Progress, Silent};
pub use record::Recorded;

use crate::judge::Wanted;

/// Something to check that is in memory already.
#[derive(Debug)]
pub enum Input {
    /// A text.
    Text(Arc<Source>),
    /// What is no text but a certificate, a key or a key store, with its path.
    Material(Arc<str>, Vec<u8>),
    /// A built image.
    Image(ImageInput),
}

impl Input {
    /// The path of a file.
    fn path(&self) -> Option<Arc<str>> {
        match self {
            Self::Text(source) => Some(source.shared_path()),
            Self::Material(path, _) => Some(Arc::clone(path)),
            Self::Image(_) => None,
        }
    }
}

/// Everything a run needs to know. The list of linters is the caller's: the engine knows none.
pub struct Engine<'a> {
    /// The linters to run.
    pub linters: &'a [&'a dyn Linter],
    /// Which rules count.
    pub selection: &'a Selection,
    /// The moment of judgement and the like.
    pub context: Context,
    /// Built images, and who knows more about them.
    pub images: Images<'a>,
    /// What was accepted before.
    pub ledger: &'a Ledger,
    /// Whether each place of a secret is a result of its own. People want one result per secret.
    pub apart: bool,
    /// Absolute paths that are not looked at.
    pub exclude: GlobSet,
    /// Hashes the lines of a text for code scanning, if a writer wants that.
    pub line_hashes: Option<fn(&str) -> Vec<String>>,
    /// What is known to be clean, if somebody keeps that.
    pub clean: Option<&'a Clean>,
    /// Who else looks at the snapshot, once it is complete and before it is linted as a whole.
    pub witness: Option<&'a (dyn Fn(&careen_model::Snapshot) + Sync)>,
    /// Worker threads; 0 is one per processor.
    pub threads: usize,
    /// Told about each file.
    pub progress: &'a dyn Progress,
    /// Who the report is from.
    pub tool: Tool,
}

impl std::fmt::Debug for Engine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.linters.iter().map(|linter| linter.name()).collect();
        f.debug_struct("Engine").field("linters", &names).finish_non_exhaustive()
    }
}

impl Engine<'_> {
    /// Checks what the options name and reports.
    ///
    /// # Errors
    ///
    /// Returns an error only if there is nothing to check at all: a root that does not exist, a
    /// revision that is unknown. Unreadable files are notes of the report.
    pub fn check(&self, options: &careen_repo::Options) -> Result<Report, careen_repo::Error> {
        let recorded = self.record_of(options, false)?;
        Ok(recorded.report)
    }

    fn listing(
        &self,
        options: &careen_repo::Options,
    ) -> Result<careen_repo::Listing, careen_repo::Error> {
        // Without a root the working folder is meant, but not where an image was named.
        if options.roots.is_empty() && !self.images.inputs.is_empty() {
            return Ok(careen_repo::Listing::default());
        }
        let mut listing = careen_repo::discover(options)?;
        if !self.exclude.is_empty() {
            self.leave_out(&mut listing);
        }
        Ok(listing)
    }

    fn leave_out(&self, listing: &mut careen_repo::Listing) {
        let careen_repo::Listing { base, entries, notes, .. } = listing;
        entries.retain(|entry| {
            let left_out = self.exclude.is_match(base.join(&*entry.path));
            if left_out && entry.explicit {
                let message = "was named but is listed in `exclude`, so it was not checked";
                notes.push(Note::about(NoteKind::Information, &*entry.path, message));
            }
            !left_out
        });
    }

    /// Checks sources that are in memory already.
    #[must_use]
    pub fn check_sources(&self, sources: Vec<Arc<Source>>) -> Report {
        self.check_inputs(sources.into_iter().map(Input::Text).collect())
    }

    /// Checks what is in memory already, as examples and tests do.
    #[must_use]
    pub fn check_inputs(&self, inputs: Vec<Input>) -> Report {
        let pass = self.in_pool(|| self.pass_over_inputs(inputs));
        let wanted = Wanted { whole: true, ..Wanted::default() };
        self.in_pool(|| self.judge(pass, Vec::new(), wanted)).report
    }

    /// Every rule of every linter, by id.
    #[must_use]
    pub fn rules(&self) -> Vec<&'static Meta> {
        rules(self.linters)
    }

    fn in_pool<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match rayon::ThreadPoolBuilder::new().num_threads(self.threads).build() {
            Ok(pool) => pool.install(work),
            // Without threads of our own the work is still done, on rayon's global ones.
            Err(_) => work(),
        }
    }
}

/// Whether all of what the roots hold is looked at, not a change alone.
fn is_whole(options: &careen_repo::Options) -> bool {
    options.selection == careen_repo::Selection::Tree
}

/// Whether what is not found is not there: one folder is looked at, and all of it.
fn knows_all(options: &careen_repo::Options) -> bool {
    is_whole(options) && options.roots.len() <= 1
}

/// Every rule of every linter, by id.
#[must_use]
pub fn rules(linters: &[&dyn Linter]) -> Vec<&'static Meta> {
    let mut rules: Vec<_> = linters.iter().flat_map(|linter| linter.rules()).collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

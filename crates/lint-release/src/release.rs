//! The release that is judged, and the one before it, as the changelog tells.

use std::sync::Arc;

use careen_model::{Context, Snapshot};
use careen_text::Source;
use semver::Version;

use crate::changelog::{Entry, changelogs, entries};
use crate::markdown::Pages;
use crate::version;

/// The entries of a changelog from the release down to the one before it.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) source: Arc<Source>,
    /// The entry of the release; then those of its candidates, if there are any.
    pub(crate) entries: Vec<Entry>,
    /// The version before it.
    pub(crate) before: Option<Version>,
}

impl Release {
    /// The release being made, else the newest that a changelog has. None where no changelog has it.
    pub(crate) fn of(snapshot: &Snapshot, context: &Context) -> Option<Self> {
        let wanted = context.release.as_deref().map(version::parse);
        let pages = Pages::of(snapshot);
        changelogs(snapshot).into_iter().find_map(|file| {
            let page = pages.page(snapshot, file.source.path())?;
            let all = entries(page, file.source.text());
            let version = match &wanted {
                Some(wanted) => wanted.clone()?,
                None => all.iter().map(|entry| &entry.version).max()?.clone(),
            };
            Self::within(&file.source, all, &version)
        })
    }

    fn within(source: &Arc<Source>, all: Vec<Entry>, version: &Version) -> Option<Self> {
        all.iter().any(|entry| version::is_same(&entry.version, version)).then_some(())?;
        // Candidates of the release say what it says.
        let stable = all.iter().map(|entry| &entry.version);
        let before = stable.filter(|each| *each < version && each.pre.is_empty()).max().cloned();
        let above = |entry: &Entry| before.as_ref().is_none_or(|before| entry.version > *before);
        let mut entries: Vec<Entry> =
            all.into_iter().filter(|entry| entry.version <= *version && above(entry)).collect();
        entries.sort_by(|a, b| b.version.cmp(&a.version));
        Some(Self { source: Arc::clone(source), entries, before })
    }

    /// Whether its number says that it breaks what was.
    pub(crate) fn rises(&self) -> bool {
        let version = self.entries.first().map(|entry| &entry.version);
        version.zip(self.before.as_ref()).is_some_and(|(new, old)| version::breaks(old, new))
    }

    /// Whether the changelog says that it breaks something.
    pub(crate) fn tells_breaks(&self) -> bool {
        self.entries.iter().any(|entry| entry.tells_breaks(self.source.text()))
    }

    /// Whether its number or the changelog says that it breaks something. That something small was
    /// removed is told by many releases, so without the number only a word that means it counts.
    pub(crate) fn breaks(&self) -> bool {
        let text = self.source.text();
        self.rises()
            || self.entries.iter().any(|entry| {
                let body = text.get(entry.body.clone()).unwrap_or_default().to_lowercase();
                crate::wording::has_words(&body, "breaking")
            })
    }
}

//! The pages of a snapshot, each read when it is first asked for.

use std::sync::{Arc, OnceLock};

use careen_model::{File, Snapshot};

use super::Page;

/// Every page, shared by all checks of a run.
#[derive(Debug)]
pub(crate) struct Pages {
    /// In the order of the snapshot's files.
    cells: Vec<OnceLock<Page>>,
    /// Whether GitHub shows them, as far as can be told.
    pub(crate) on_github: bool,
}

impl Pages {
    /// The pages of a snapshot; none of them is read yet.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(|snapshot| {
            let on_github = snapshot.paths().is_some_and(|paths| {
                paths.iter().any(|path| path.starts_with(".github/") || path.contains("/.github/"))
            });
            let cells = snapshot.files().iter().map(|_| OnceLock::new()).collect();
            Self { cells, on_github }
        })
    }

    /// The page that a file is, if it is in Markdown or prose of another form.
    pub(crate) fn page(&self, snapshot: &Snapshot, path: &str) -> Option<&Page> {
        let files = snapshot.files();
        let at = files.binary_search_by(|file| file.source.path().cmp(path)).ok()?;
        let file = files.get(at).filter(|file| file.document.is_some())?;
        let cell = self.cells.get(at)?;
        Some(cell.get_or_init(|| read(file)))
    }
}

fn read(file: &File) -> Page {
    if is_markdown(file.source.path()) {
        Page::read(&file.source)
    } else {
        crate::plain::read(&file.source)
    }
}

/// Whether a file is in Markdown, by its name.
pub(crate) fn is_markdown(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["md", "markdown"].iter().any(|own| extension.eq_ignore_ascii_case(own))
}

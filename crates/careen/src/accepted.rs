//! Files that say what was accepted before: the baseline, and those of other secret scanners.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use careen_ledger::{Baseline, FOREIGN_FILES, Foreign, Ledger, MOST_BYTES};
use careen_rule::{Note, NoteKind};

use crate::args::CheckArguments;
use crate::config::Loaded;
use crate::exclude;
use crate::files::read_at_most;

/// Nobody writes a file of another tool of this size.
const MOST_FOREIGN_BYTES: u64 = 16 << 20;

/// Reads what was accepted, and tells what of it does not hold.
pub(crate) fn load(arguments: &CheckArguments, loaded: &Loaded) -> Result<(Ledger, Vec<Note>)> {
    let baseline = match path(arguments, loaded) {
        Some(path) => Some(read_baseline(&path)?),
        None => None,
    };
    let (foreign, notes) = foreign(arguments)?;
    Ok((Ledger { foreign, baseline, since: None }, notes))
}

/// The baseline that is named, on the command line or in the configuration.
pub(crate) fn path(arguments: &CheckArguments, loaded: &Loaded) -> Option<PathBuf> {
    arguments.baseline.clone().or_else(|| Some(loaded.path(loaded.config.baseline.as_ref()?)))
}

/// Reads a baseline.
pub(crate) fn read_baseline(path: &Path) -> Result<Baseline> {
    let shown = path.display().to_string();
    let bytes = read_at_most(path, MOST_BYTES).with_context(|| {
        format!("cannot read the baseline {shown}; `careen baseline create` writes one")
    })?;
    Baseline::read(&shown, &bytes).map_err(|error| match error.line {
        Some(line) => anyhow!("the baseline does not hold:\n{shown}:{line}: {}", error.message),
        None => anyhow!("the baseline does not hold:\n{shown}: {}", error.message),
    })
}

/// What files of other tools accept. One that cannot be read accepts nothing; that is told, but it
/// is no failure of ours.
pub(crate) fn foreign(arguments: &CheckArguments) -> Result<(Vec<Foreign>, Vec<Note>)> {
    let (mut all, mut notes) = (Vec::new(), Vec::new());
    if arguments.no_foreign {
        return Ok((all, notes));
    }
    let (base, _) = exclude::base(&arguments.paths)?;
    for &name in FOREIGN_FILES {
        let path = base.join(name);
        // What is no file of its own could lead anywhere.
        if !path.symlink_metadata().is_ok_and(|it| it.is_file()) {
            continue;
        }
        let text = read_at_most(&path, MOST_FOREIGN_BYTES)
            .ok()
            .filter(|bytes| bytes.len() as u64 <= MOST_FOREIGN_BYTES);
        let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else {
            let message = "cannot be read as text, or is too large: it accepts nothing";
            notes.push(Note::about(NoteKind::Suppression, name, message));
            continue;
        };
        let (read, told) = Foreign::read(name, &text);
        all.extend(read);
        notes.extend(told);
    }
    Ok((all, notes))
}

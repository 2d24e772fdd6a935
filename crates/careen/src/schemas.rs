//! Definitions of custom resources that are not among what is checked: `--schema`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use careen_model::{Snapshot, parse};
use careen_repo::{Options, Outcome};
use careen_text::Source;

/// Reads the manifests in these files and folders.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Snapshot> {
    let mut files = Vec::new();
    for path in paths {
        let options = Options { roots: vec![path.clone()], no_ignore: true, ..Options::default() };
        let listing = careen_repo::discover(&options)?;
        let reader = careen_repo::open(&listing);
        let before = files.len();
        for entry in &listing.entries {
            let mut buffer = Vec::new();
            match reader.read(entry, &mut buffer) {
                Outcome::Text => {
                    let source = Source::from_bytes(Arc::clone(&entry.path), buffer);
                    let file = parse(Arc::new(source), entry.within());
                    let is_definition = file
                        .views()
                        .any(|view| view.is("apiextensions.k8s.io", "CustomResourceDefinition"));
                    if is_definition {
                        files.push(file);
                    }
                }
                Outcome::Binary | Outcome::Material => {}
                Outcome::Skipped(note) => bail!("{}: {}", entry.path, note.message),
            }
        }
        if files.len() == before {
            return Err(anyhow!("{}: no CustomResourceDefinition", path.display()));
        }
    }
    Ok(Snapshot::new(files))
}

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use careen_detectors::{Detectors, read as parse};
use careen_text::Source;

use crate::config::Loaded;
use crate::files::read_at_most;

/// Nobody writes a file of detectors of this size.
const MOST_BYTES: u64 = 1 << 20;
/// Files in one folder.
const MOST_FILES: usize = 1_000;

/// The detectors that a configuration brings: those in it and those in files that it names.
pub(crate) fn load(loaded: &Loaded) -> Result<Vec<Detectors>> {
    let mut detectors = Vec::new();
    for word in &loaded.config.detector_files {
        let (_, place) = word;
        detectors.extend(read(&[loaded.path(word)]).with_context(|| place.to_string())?);
    }
    if !loaded.config.detectors.is_empty() {
        let rules = loaded.config.detectors.clone();
        detectors.push(Detectors { provider: String::new(), rules });
    }
    verify(&detectors)?;
    Ok(detectors)
}

/// The detectors of files and folders.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Detectors>> {
    let mut detectors = Vec::new();
    for path in paths {
        for file in files(path)? {
            detectors.push(one(&file)?);
        }
    }
    Ok(detectors)
}

fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut files: Vec<PathBuf> = entries
        .take(MOST_FILES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"))
        .collect();
    files.sort();
    Ok(files)
}

fn one(path: &Path) -> Result<Detectors> {
    let shown = path.display().to_string();
    let context = || format!("cannot read the detectors in {shown}");
    let bytes = read_at_most(path, MOST_BYTES).with_context(context)?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{shown} is larger than 1 MiB: split it into several files of detectors");
    }
    let source = Arc::new(Source::from_bytes(shown.as_str(), bytes));
    let (detectors, problems) = parse(&source);
    if problems.is_empty() {
        return Ok(detectors);
    }
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            let at = source.position(problem.span.start);
            format!("{shown}:{}:{}: {}", at.line, at.column, problem.message)
        })
        .collect();
    bail!("the detectors do not hold:\n{}", lines.join("\n"))
}

/// An id names one rule.
fn verify(detectors: &[Detectors]) -> Result<()> {
    let linters = crate::linters::Linters::default();
    let own = careen_engine::rules(&linters.all());
    let mut ids: Vec<&str> = own.iter().map(|rule| rule.id).collect();
    for rule in detectors.iter().flat_map(|file| &file.rules) {
        if ids.contains(&rule.id.as_str()) {
            bail!("two rules are called `{}`: give your detector an id of its own", rule.id);
        }
        ids.push(&rule.id);
    }
    Ok(())
}

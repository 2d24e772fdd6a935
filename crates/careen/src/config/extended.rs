//! The files of a configuration: the one that was found, and those that it extends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use careen_policy::{Config, Problem, Word};
use careen_text::{Encoding, Source};

use super::{ConfigFile, beside};
use crate::files::read_at_most;

/// Nobody writes a configuration of this size.
const MOST_BYTES: u64 = 1 << 20;
/// Files that extend each other, one below the other.
const MOST_DEEP: usize = 10;
/// Files in all.
const MOST_FILES: usize = 50;
/// Mistakes that are told at once, in all files.
const MOST_PROBLEMS: usize = 20;

/// Reads a configuration and what it extends, made one; the files stand in the order in which they
/// count. Mistakes do not hide each other.
pub(super) fn read(
    path: &Path,
    folder: &Path,
    base: &Path,
) -> Result<(Config, Vec<ConfigFile>, Vec<Problem>)> {
    let shown = path.display().to_string();
    let bytes = read_at_most(path, MOST_BYTES)
        .with_context(|| format!("cannot read the configuration {shown}"))?;
    let text = text(path, base, bytes).map_err(|why| anyhow!("{shown} {why}"))?;
    let mut reader = Reader::new(base);
    let config = reader.follow(text, path, folder);
    reader.problems.truncate(MOST_PROBLEMS + 1);
    Ok((config, reader.files, reader.problems))
}

/// A file that is being read, and the way to it.
struct Step {
    /// Without links, so that a file is known however it is called.
    real: PathBuf,
    shown: String,
}

struct Reader<'b> {
    base: &'b Path,
    chain: Vec<Step>,
    /// Files that were read: their words count once.
    done: Vec<PathBuf>,
    files: Vec<ConfigFile>,
    problems: Vec<Problem>,
}

impl<'b> Reader<'b> {
    fn new(base: &'b Path) -> Self {
        Self { base, chain: Vec::new(), done: Vec::new(), files: Vec::new(), problems: Vec::new() }
    }

    /// Reads what a file says and what it extends.
    fn follow(&mut self, source: Arc<Source>, path: &Path, folder: &Path) -> Config {
        let (config, problems) = careen_policy::read(&source);
        self.problems.extend(problems);
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        self.done.push(real.clone());
        self.chain.push(Step { real, shown: source.path().to_owned() });
        let mut base = Config::default();
        for word in &config.extend {
            match self.extended(word, folder) {
                Ok(extended) => base = extended.over(base),
                Err(message) => {
                    self.problems.push(Problem { place: word.1.clone(), message });
                }
            }
        }
        self.chain.pop();
        self.files.push(ConfigFile { source, folder: folder.to_path_buf() });
        config.over(base)
    }

    /// Reads a file that another one extends.
    fn extended(&mut self, (name, _): &Word, folder: &Path) -> Result<Config, String> {
        let path = folder.join(name);
        let unreadable = |error: io::Error| format!("`{name}` cannot be read: {error}");
        let metadata = fs::metadata(&path).map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(format!("`{name}` is a folder: name the file in it"));
        }
        if !metadata.is_file() {
            return Err(format!("`{name}` is no file"));
        }
        let real = fs::canonicalize(&path).map_err(unreadable)?;
        if let Some(at) = self.chain.iter().position(|step| step.real == real) {
            let way = self.chain.iter().skip(at).map(|step| step.shown.as_str());
            let again = self.chain.get(at).map(|step| step.shown.as_str());
            let way: Vec<_> = way.chain(again).collect();
            return Err(format!("the files extend each other in a circle: {}", way.join(" → ")));
        }
        if self.done.contains(&real) {
            return Ok(Config::default());
        }
        if self.chain.len() >= MOST_DEEP {
            return Err(format!(
                "more than {MOST_DEEP} files extend each other: put some together"
            ));
        }
        if self.done.len() >= MOST_FILES {
            return Err(format!("the configuration has more than {MOST_FILES} files"));
        }
        let bytes = read_at_most(&path, MOST_BYTES).map_err(unreadable)?;
        let text = text(&path, self.base, bytes).map_err(|why| format!("`{name}` {why}"))?;
        let (path, folder) = beside(&path);
        Ok(self.follow(text, &path, &folder))
    }
}

/// The text of a configuration, or why it is none, as the end of a sentence.
fn text(path: &Path, base: &Path, bytes: Vec<u8>) -> Result<Arc<Source>, String> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err("is larger than 1 MiB: that is no configuration".to_owned());
    }
    let source = Source::from_bytes(shown(path, base), bytes);
    if source.encoding() == Encoding::Lossy || source.text().contains('\0') {
        return Err("is not text in UTF-8: that is no configuration".to_owned());
    }
    Ok(Arc::new(source))
}

/// The path of a configuration as reports have paths: from the repository, or the working folder.
fn shown(path: &Path, base: &Path) -> String {
    let real = fs::canonicalize(path).ok();
    let below = real.as_deref().and_then(|real| real.strip_prefix(base).ok());
    match below {
        Some(below) => {
            let parts: Vec<_> =
                below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            parts.join("/")
        }
        None => path.display().to_string(),
    }
}

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow, bail};
use careen_model::KubernetesVersion;
use careen_policy::{Config, Problem};
use careen_rule::{Meta, Options};
use careen_text::{Encoding, Source};

const NAMES: [&str; 3] = ["careen.yaml", ".careen.yaml", ".config/careen.yaml"];
/// Nobody writes a configuration of this size.
const MOST_BYTES: u64 = 1 << 20;

/// A configuration and the folder its globs are relative to.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    pub(crate) folder: Option<PathBuf>,
    source: Option<Arc<Source>>,
}

/// Reads the configuration that was named, or the nearest one from the first path upwards to the
/// root of the repository.
pub(crate) fn load(named: Option<&Path>, paths: &[PathBuf]) -> Result<Loaded> {
    let Some((path, folder)) = named.map(beside).or_else(|| nearest(paths)) else {
        return Ok(Loaded::default());
    };
    let shown = path.display().to_string();
    let bytes = read(&path).with_context(|| format!("cannot read the configuration {shown}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{shown} is larger than 1 MiB: that is no configuration");
    }
    let source = Arc::new(Source::from_bytes(shown.as_str(), bytes));
    if source.encoding() == Encoding::Lossy || source.text().contains('\0') {
        bail!("{shown} is not text in UTF-8: that is no configuration");
    }
    let (config, problems) = careen_policy::read(&source);
    let loaded = Loaded { config, folder: Some(folder), source: Some(source) };
    if problems.is_empty() { Ok(loaded) } else { Err(loaded.error(&problems)) }
}

/// The configuration that is in force for a folder, if there is one.
pub(crate) fn held(folder: &Path) -> Option<PathBuf> {
    nearest(&[folder.to_path_buf()]).map(|(path, _)| path)
}

impl Loaded {
    /// Says what does not hold, and where.
    pub(crate) fn error(&self, problems: &[Problem]) -> Error {
        let lines: Vec<String> = problems
            .iter()
            .map(|problem| match &self.source {
                Some(source) => {
                    let at = source.position(problem.span.start);
                    format!("{}:{}:{}: {}", source.path(), at.line, at.column, problem.message)
                }
                None => problem.message.clone(),
            })
            .collect();
        anyhow!("the configuration does not hold:\n{}", lines.join("\n"))
    }

    /// What the rules are told.
    pub(crate) fn options(&self, rules: &[&'static Meta]) -> Result<Options> {
        careen_policy::options(rules, &self.config.rules).map_err(|problems| self.error(&problems))
    }

    /// The Kubernetes that manifests are judged for, unless the command line says otherwise.
    pub(crate) fn kubernetes(&self) -> Result<KubernetesVersion> {
        let Some((text, span)) = &self.config.kubernetes_version else {
            return Ok(KubernetesVersion::NEWEST);
        };
        text.parse().map_err(|message| self.error(&[Problem { span: *span, message }]))
    }
}

/// Reads a little more than the largest configuration, whatever is there: a pipe has no size.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A configuration that was named, and its folder.
fn beside(path: &Path) -> (PathBuf, PathBuf) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut folder = folder.unwrap_or(Path::new("."));
    if folder.ends_with(".config") {
        folder = folder.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(Path::new("."));
    }
    (path.to_path_buf(), folder.to_path_buf())
}

/// The nearest configuration and the folder it speaks for. Without a repository the search ends at
/// the working folder, or at the first path if that is elsewhere: above may be a folder that
/// anybody can write to.
fn nearest(paths: &[PathBuf]) -> Option<(PathBuf, PathBuf)> {
    let working = std::env::current_dir().and_then(fs::canonicalize).ok()?;
    let first = paths.iter().find(|path| path.as_os_str() != "-");
    let start = first.map_or_else(|| Some(working.clone()), |path| fs::canonicalize(path).ok())?;
    let repository = start.ancestors().find(|folder| folder.join(".git").exists());
    let start = start.ancestors().find(|folder| folder.is_dir())?;
    let top = match repository {
        Some(repository) => repository,
        None if start.starts_with(&working) => &working,
        None => start,
    };
    start.ancestors().take_while(|folder| folder.starts_with(top)).find_map(|folder| {
        let found = NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())?;
        Some((found, folder.to_path_buf()))
    })
}

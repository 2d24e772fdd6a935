//! `careen rage`: what a bug report needs, ready to paste.
//!
//! Nothing that a person chose is shown: no path, no name of a file, no value, no message. What is
//! shown are words of our own, numbers, and values of lists that are known beforehand.

mod environment;
mod git;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};
use careen_ledger::FOREIGN_FILES;
use careen_migrate::NAMES;
use careen_rule::{Report, Severity};

use crate::args::RageArguments;
use crate::config::{self, Loaded};
use crate::plan::Plan;
use crate::{exclude, look};

/// Writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $($what:tt)*) => {{
        let _ = writeln!($out, $($what)*);
    }};
}
use line;

/// Our own files besides those of other tools.
const OWN: [&str; 5] =
    ["careen.yaml", ".careen.yaml", ".config/careen.yaml", "careen-baseline.json", ".careenignore"];

/// Collects and prints.
pub(crate) fn run(arguments: &RageArguments) -> Result<u8> {
    let root = arguments.path.clone().unwrap_or_else(|| PathBuf::from("."));
    if !root.is_dir() {
        bail!("{} is no folder: `careen rage` is for a repository", root.display());
    }
    let mut out = String::new();
    line!(out, "### careen rage\n");
    program(&mut out);
    environment::write(&mut out);
    let (base, start) = exclude::base(std::slice::from_ref(&root))?;
    line!(out, "\n**Place**\n");
    line!(out, "- the root of what reports are relative to: {}", yes(base == start));
    files(&mut out, &base);
    git::write(&mut out, &base);
    let loaded = config::load(None, std::slice::from_ref(&root));
    configuration(&mut out, &loaded, config::held(&root).is_some());
    if let Ok(loaded) = loaded {
        check(&mut out, &root, loaded);
    }
    crate::print(out.as_bytes())?;
    Ok(0)
}

fn program(out: &mut String) {
    let features = if cfg!(feature = "online") { "online" } else { "none" };
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let libc = if cfg!(target_env = "musl") {
        "-musl"
    } else if cfg!(target_env = "gnu") {
        "-gnu"
    } else if cfg!(target_env = "msvc") {
        "-msvc"
    } else {
        ""
    };
    line!(out, "- careen {}, features: {features}, {build} build", env!("CARGO_PKG_VERSION"));
    line!(out, "- target: {}-{}{libc}", std::env::consts::ARCH, std::env::consts::OS);
    line!(out, "- installed by: {}", installed());
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    line!(out, "- processors: {processors}");
    let terminal = |is: bool| if is { "a terminal" } else { "no terminal" };
    line!(
        out,
        "- standard input: {}, output: {}, error: {}",
        terminal(std::io::stdin().is_terminal()),
        terminal(std::io::stdout().is_terminal()),
        terminal(std::io::stderr().is_terminal())
    );
}

/// Tells by the folder the program is in; the folder itself may hold a name.
fn installed() -> &'static str {
    let Ok(path) = std::env::current_exe() else { return "unknown" };
    let has = |name: &str| path.components().any(|part| part.as_os_str() == name);
    if has(".cargo") {
        "cargo"
    } else if has("target") || has("debug") || has("release") {
        "a build"
    } else if has("site-packages") || has(".venv") || has("venv") || has("pipx") || has("uv") {
        "a Python package"
    } else if has("homebrew") || has("Cellar") || has("linuxbrew") {
        "Homebrew"
    } else if path.starts_with("/usr") || path.starts_with("/bin") {
        "the system"
    } else {
        "other means"
    }
}

/// Which of the files that Careen reads are there, by names that are known beforehand.
fn files(out: &mut String, base: &Path) {
    let foreign = NAMES.iter().map(|(name, _)| *name).chain(FOREIGN_FILES.iter().copied());
    let mut names: Vec<&str> = OWN.into_iter().chain(foreign).collect();
    names.push(".gitignore");
    let mut seen = Vec::new();
    for name in names {
        let Ok(metadata) = base.join(name).symlink_metadata() else { continue };
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let kind = match (metadata.is_file(), metadata.is_symlink()) {
            (true, _) => format!("{} bytes", metadata.len()),
            (_, true) => "a link".to_owned(),
            _ => "no file".to_owned(),
        };
        line!(out, "- `{name}`: {kind}");
    }
    if seen.is_empty() {
        line!(out, "- no configuration, baseline or list of what to ignore");
    }
}

/// Keys with the number of their items; values only of those that take few.
fn configuration(out: &mut String, loaded: &Result<Loaded>, held: bool) {
    line!(out, "\n**Configuration**\n");
    let config = match loaded {
        Err(_) => {
            // The messages quote it.
            return line!(out, "- it does not hold; `careen config validate` tells why");
        }
        Ok(_) if !held => return line!(out, "- none"),
        Ok(loaded) => &loaded.config,
    };
    let mut say = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            line!(out, "- `{key}`: {value}");
        }
    };
    // Only names of profiles, levels and versions that exist are read without a mistake.
    say("profile", config.profile.as_ref().map(|(name, _)| name.clone()));
    say("fail-on", config.fail_on.as_ref().map(|(level, _)| level.to_string()));
    let version = config.kubernetes_version.as_ref();
    let version = version.map(|(text, _)| match text.parse::<careen_model::KubernetesVersion>() {
        Ok(version) => version.to_string(),
        Err(_) => "unknown".to_owned(),
    });
    say("kubernetes-version", version);
    let pki = config.public_pki.as_ref();
    let pki = pki.map(|(public, _)| if *public { "public" } else { "private" }.to_owned());
    say("pki", pki);
    say("baseline", config.baseline.as_ref().map(|_| "set".to_owned()));
    let items = |count: usize| (count > 0).then(|| format!("{count} items"));
    say("extend", items(config.extend.len()));
    say("select", items(config.select.as_ref().map_or(0, Vec::len)));
    say("ignore", items(config.ignore.len() + config.ignored.len()));
    say("overrides", items(config.overrides.len()));
    say("severity", items(config.severity.len()));
    say("exclude", items(config.exclude.len()));
    say("rules", items(config.rules.len()));
    say("detectors", items(config.detectors.len() + config.detector_files.len()));
    say("images.signatures", items(config.signatures.len()));
}

fn check(out: &mut String, root: &Path, loaded: Loaded) {
    line!(out, "\n**A run**\n");
    let before = now();
    let report = look::arguments(Some(root))
        .and_then(|check| look::report(&check, &Plan::with(&check, loaded)?, None));
    let took = now().saturating_sub(before);
    match report {
        Ok(report) => counts(out, &report),
        // The message may quote a path or a value.
        Err(_) => line!(out, "- it failed; `careen check` tells why"),
    }
    line!(out, "- it took {} ms", took.as_millis());
}

/// Numbers only.
fn counts(out: &mut String, report: &Report) {
    let summary = &report.summary;
    line!(
        out,
        "- files: {}, bytes: {}, binary: {}, templates: {}",
        summary.files,
        summary.bytes,
        summary.binary,
        summary.templates
    );
    line!(
        out,
        "- objects: {}, Dockerfiles: {}, certificates: {}",
        summary.objects,
        summary.dockerfiles,
        summary.certificates
    );
    let of = |level: Severity| report.active().filter(|it| it.severity == level).count();
    let levels = Severity::ALL.into_iter().rev().map(|level| format!("{level} {}", of(level)));
    line!(out, "- findings: {}", levels.collect::<Vec<_>>().join(", "));
    let list = |counts: BTreeMap<&str, usize>| {
        let counts: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
    };
    let mut linters = BTreeMap::new();
    for finding in report.active() {
        *linters.entry(finding.rule.linter()).or_insert(0) += 1;
    }
    line!(out, "- by linter: {}", list(linters));
    let mut suppressed = BTreeMap::new();
    for suppression in report.findings.iter().filter_map(|finding| finding.suppressed.as_ref()) {
        *suppressed.entry(suppression.kind.as_str()).or_insert(0) += 1;
    }
    line!(out, "- suppressed: {}", list(suppressed));
    let mut notes = BTreeMap::new();
    for note in &report.notes {
        *notes.entry(note.kind.as_str()).or_insert(0) += 1;
    }
    line!(out, "- notes: {}", list(notes));
    line!(out, "- complete: {}", yes(report.is_complete()));
}

const fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// Since some moment that only differences of matter.
#[allow(clippy::disallowed_methods, reason = "the binary measures, and judges nothing by it")]
fn now() -> Duration {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}

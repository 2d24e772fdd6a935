//! Runs the engine for the language server.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use careen_engine::{Engine, Silent};
use careen_lsp::{Checker, Level, Outcome, Problem, Settings, Text};
use careen_model::Linter;
use careen_rule::{Meta, Note, NoteKind, Region, Report};
use careen_text::{LineIndex, Position, Source};
use clap::Parser as _;

use super::configuration;
use crate::args::{Arguments, CheckArguments, Command};
use crate::linters::Linters;
use crate::plan::{Plan, options};
use crate::progress::Meter;
use crate::{accepted, exclude};

/// Folders above a file in which a Kustomization is looked for.
const MOST_ABOVE: usize = 16;
/// Nobody writes a Kustomization of this size.
const MOST_KUSTOMIZATION: u64 = 1 << 20;
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The engine, told what `careen check` is told.
///
/// Configuration and baseline are read anew for each check, so that none is ever stale.
#[derive(Debug)]
pub(super) struct EngineChecker;

impl Checker for EngineChecker {
    fn rules(&self) -> Vec<&'static Meta> {
        careen_engine::rules(&Linters::default().all())
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        let of_parent = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
        // A root may be a link; what lies below it is never reached through one.
        let folder = path.is_dir().then(|| path.canonicalize().ok()).flatten();
        folder.or_else(of_parent).unwrap_or_else(|| path.to_path_buf())
    }

    fn check_text(&self, settings: &Settings, text: &Text) -> Outcome {
        check_text(settings, text).unwrap_or_else(|error| failed(&error))
    }

    fn check_folder(
        &self,
        settings: &Settings,
        folder: &Path,
        texts: &BTreeMap<PathBuf, Arc<str>>,
    ) -> Outcome {
        check_folder(settings, folder, texts).unwrap_or_else(|error| failed(&error))
    }
}

/// What nothing could be checked because of.
fn failed(error: &anyhow::Error) -> Outcome {
    let message = format!("{error:#}");
    let problems = configuration::places(&message);
    Outcome { failure: Some(format!("careen: {message}")), problems, ..Outcome::default() }
}

/// What the command line would say.
fn arguments(
    settings: &Settings,
    root: Option<&Path>,
    more: &[&str],
) -> Result<Box<CheckArguments>> {
    let mut line: Vec<OsString> = vec!["careen".into(), "check".into()];
    line.extend(more.iter().map(OsString::from));
    // In one word, so that a value that begins with a dash is no option.
    line.extend(settings.profile.iter().map(|name| format!("--profile={name}").into()));
    line.extend(settings.select.iter().map(|name| format!("--select={name}").into()));
    if let Some(root) = root {
        line.push("--".into());
        line.push(root.into());
    }
    match Arguments::try_parse_from(line) {
        Ok(Arguments { command: Command::Check(arguments) }) => Ok(arguments),
        Ok(_) => bail!("the settings are no arguments of `careen check`"),
        Err(error) => Err(anyhow!("the settings do not hold: {}", error.render())),
    }
}

fn across(linters: &[&dyn Linter]) -> BTreeSet<&'static str> {
    let checks = linters.iter().flat_map(|linter| linter.snapshot_checks());
    checks.map(|check| check.rule.id).collect()
}

/// An editor shows every place of a secret, and no progress.
fn for_editors(engine: Engine<'_>) -> Engine<'_> {
    Engine { apart: true, progress: &Silent, line_hashes: None, ..engine }
}

fn check_folder(
    settings: &Settings,
    folder: &Path,
    texts: &BTreeMap<PathBuf, Arc<str>>,
) -> Result<Outcome> {
    let arguments = arguments(settings, Some(folder), &[])?;
    let plan = Plan::of(&arguments)?;
    let (ledger, _) = accepted::load(&arguments, &plan.loaded)?;
    let linters = plan.linters.all();
    let meter = Meter::hidden();
    let engine = for_editors(plan.engine(&arguments, &linters, &ledger, &meter));
    let options = options(&arguments);
    let most = options.limits.max_file_bytes;
    let small = texts.iter().filter(|(_, text)| text.len() as u64 <= most);
    let small = small.map(|(path, text)| (path.clone(), Arc::clone(text))).collect();
    let overlaid = engine.check_with(&options, &small)?;
    let base = overlaid.base;
    let text_of = |path: &str| texts.get(&base.join(path)).map(|text| &**text);
    let problems = problems(&overlaid.report, &base, &text_of);
    let left_out = small.keys().filter(|path| !overlaid.used.contains(*path) && path.exists());
    Ok(Outcome {
        problems,
        ignored: left_out.cloned().collect(),
        across: across(&linters),
        files: overlaid.report.summary.files,
        bytes: overlaid.report.summary.bytes,
        findings: active(overlaid.report),
        base,
        failure: None,
    })
}

fn check_text(settings: &Settings, text: &Text) -> Result<Outcome> {
    let parent = text.path.as_deref().and_then(Path::parent);
    let root = text.folder.as_deref().or(parent);
    let arguments = arguments(settings, root, &["--threads=1"])?;
    let name = text.path.as_ref().and_then(|path| path.file_name());
    let name = name.map_or_else(|| text.name.clone(), |name| name.to_string_lossy().into_owned());
    if configuration::is_one(&name) {
        return Ok(check_configuration(text));
    }
    let plan = Plan::of(&arguments)?;
    let (ledger, _) = accepted::load(&arguments, &plan.loaded)?;
    let linters = plan.linters.all();
    let meter = Meter::hidden();
    let engine = for_editors(plan.engine(&arguments, &linters, &ledger, &meter));
    let (base, _) = exclude::base(&arguments.paths)?;
    let mut outcome = Outcome { base, across: across(&linters), ..Outcome::default() };
    if let Some(path) = text.path.as_ref().filter(|path| engine.exclude.is_match(path)) {
        outcome.ignored.push(path.clone());
        return Ok(outcome);
    }
    let shown = shown(text, &outcome.base);
    if text.text.len() as u64 > options(&arguments).limits.max_file_bytes {
        let mib = arguments.max_file_mib;
        let message = format!("is larger than {mib} MiB, so it was not checked");
        let note = Note::about(NoteKind::Limit, shown, message);
        outcome.problems.extend(problem(&note, &outcome.base, &|_| None));
        return Ok(outcome);
    }
    let within = match (&text.path, &text.folder) {
        (Some(path), Some(folder)) => slashed(path.strip_prefix(folder).unwrap_or(path)),
        _ => name,
    };
    let beside = beside(text, &outcome.base);
    let source = Source::new(shown.as_str(), &*text.text);
    let report = engine.check_alone(source, &within, beside);
    outcome.problems =
        problems(&report, &outcome.base, &|path| (path == shown).then_some(&*text.text));
    outcome.findings = active(report);
    outcome.findings.retain(|finding| *finding.path == *shown);
    Ok(outcome)
}

/// A configuration is looked at as one.
fn check_configuration(text: &Text) -> Outcome {
    let path = text.path.clone().unwrap_or_else(|| PathBuf::from(&text.name));
    let rules = careen_engine::rules(&Linters::default().all());
    let problems = configuration::problems(&path, &text.text, &rules);
    Outcome { problems, ..Outcome::default() }
}

/// The path of a text in reports.
fn shown(text: &Text, base: &Path) -> String {
    match &text.path {
        Some(path) => slashed(path.strip_prefix(base).unwrap_or(path)),
        None => text.name.clone(),
    }
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// The Kustomizations that may name a text as a patch: those in its folder and above.
fn beside(text: &Text, base: &Path) -> Vec<Arc<Source>> {
    let (Some(path), Some(folder)) = (&text.path, &text.folder) else { return Vec::new() };
    let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    let folders = path.ancestors().skip(1).take_while(|above| above.starts_with(folder));
    let files =
        folders.take(MOST_ABOVE).flat_map(|above| KUSTOMIZATIONS.map(|name| above.join(name)));
    let files = files.filter(|file| is_yaml && file != path);
    files.filter_map(|file| kustomization(&file, base)).collect()
}

fn kustomization(file: &Path, base: &Path) -> Option<Arc<Source>> {
    if !file.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MOST_KUSTOMIZATION).read_to_end(&mut bytes).ok()?;
    let shown = slashed(file.strip_prefix(base).unwrap_or(file));
    Some(Arc::new(Source::from_bytes(shown, bytes)))
}

fn active(report: Report) -> Vec<careen_rule::Judged> {
    report.findings.into_iter().filter(|finding| finding.suppressed.is_none()).collect()
}

fn problems<'t>(
    report: &Report,
    base: &Path,
    text_of: &dyn Fn(&str) -> Option<&'t str>,
) -> Vec<Problem> {
    report.notes.iter().filter_map(|note| problem(note, base, text_of)).collect()
}

/// A note that a person can do something about in a file.
fn problem<'t>(
    note: &Note,
    base: &Path,
    text_of: &dyn Fn(&str) -> Option<&'t str>,
) -> Option<Problem> {
    let path = note.path.as_deref()?;
    let (level, kind) = match note.kind {
        NoteKind::Suppression if note.line.is_some() => (Level::Warning, "suppression"),
        NoteKind::Syntax => (Level::Warning, "syntax"),
        NoteKind::Limit => (Level::Information, "limit"),
        NoteKind::Failure => (Level::Warning, "failure"),
        _ => return None,
    };
    let line = note.line.unwrap_or(1);
    let start = Position { line, column: 1, utf16: 1 };
    // Of a file that is open, the whole line; else its start, which editors make a word of.
    let end = text_of(path).filter(|_| note.line.is_some()).map(|text| {
        let index = LineIndex::new(text);
        let span = index.line_span(line);
        let length = index.line_text(text, line).len();
        let end = span.start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        index.position(text, end)
    });
    Some(Problem {
        path: base.join(path),
        region: Region { start, end: end.unwrap_or(start) },
        level,
        message: if note.line.is_some() {
            note.message.clone()
        } else {
            format!("this file {}", note.message)
        },
        kind,
    })
}

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use careen_evidence::{MOST_BYTES, Record, record_into, records};
use careen_text::{Source, sanitize_line};

use super::{FILE, Report, folder, placed, report, text};
use crate::args::EvidenceAddArguments;
use crate::commands::audit::content::{Content, content};
use crate::files::{read_at_most, replace};
use crate::{complain, moment};

/// Reads all reports, then records all of them or none.
pub(super) fn run(arguments: &EvidenceAddArguments) -> Result<u8> {
    let folder = folder(&arguments.folder)?;
    let now = moment::of(None)?;
    if arguments.produced_at.is_some_and(|at| at > now) {
        bail!("`--produced-at` lies in the future: a report is made before it is recorded");
    }
    let mut text = text(&folder)?;
    let found = records(&Source::new(FILE, text.as_str()));
    if !found.troubles.is_empty() {
        let troubles: Vec<_> = found.troubles.iter().map(|it| placed(FILE, it)).collect();
        bail!("{}", troubles.join("\nerror: "));
    }
    let mut read = Vec::new();
    for path in &arguments.files {
        read.push(record(path, &folder, arguments)?);
    }
    let files: Vec<_> = read.iter().map(|(record, _)| record.file.clone()).collect();
    let content = content(&folder, &files)?;
    let mut recorded = Vec::new();
    for (mut record, report) in read {
        complete(&mut record, &report, &content, now, arguments.no_commit);
        text = record_into(&text, &record)
            .map_err(|trouble| anyhow::anyhow!("{}", placed(FILE, &trouble)))?;
        recorded.push((record, report));
    }
    let place = folder.join(FILE);
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent).context("cannot make .careen")?;
    }
    replace(&place, text.as_bytes()).with_context(|| format!("cannot write {FILE}"))?;
    for (record, report) in &recorded {
        tell(record, report, now)?;
    }
    Ok(0)
}

/// The record of a report, which is read.
fn record(
    path: &Path,
    folder: &Path,
    arguments: &EvidenceAddArguments,
) -> Result<(Record, Report)> {
    let shown = path.display().to_string();
    let real = fs::canonicalize(path).with_context(|| format!("cannot read {shown}"))?;
    let Ok(inside) = real.strip_prefix(folder) else {
        bail!(
            "{shown} lies outside of the audited folder: copy it there, or name that with `--in`"
        );
    };
    let Some(file) = inside.to_str() else {
        bail!("{shown} has a name that is not UTF-8: rename it");
    };
    let mut record = Record {
        file: file.replace(std::path::MAIN_SEPARATOR, "/"),
        kind: arguments.kind,
        suite: arguments.suite.clone(),
        environment: arguments.environment.clone(),
        produced_at: arguments.produced_at,
        commit: arguments.commit.as_ref().map(|commit| commit.to_ascii_lowercase()),
        tree: arguments.tree.as_ref().map(|tree| tree.to_ascii_lowercase()),
        measure: arguments.measure,
        unit: arguments.unit,
        ..Record::default()
    };
    let bytes = read_at_most(&real, MOST_BYTES).with_context(|| format!("cannot read {shown}"))?;
    let report = report(&bytes, &record)
        .map_err(|trouble| anyhow::anyhow!("{}", placed(&shown, &trouble)))?;
    record.kind = Some(report.evidence.kind);
    record.sha256 = Some(report.sha256.clone());
    if record.commit.is_none() && !arguments.no_commit {
        record.commit = report.evidence.commit.clone();
    }
    if let (Some(said), Some(given)) = (&report.evidence.commit, &record.commit)
        && !said.starts_with(given.as_str())
        && !given.starts_with(said.as_str())
    {
        bail!("{shown} says itself that it speaks of the commit {said}, not of {given}");
    }
    Ok((record, report))
}

/// Says of a record which content and commit it speaks of, and when it was made, where nobody said so: what
/// is recorded was made of what stands in the folder, just now.
fn complete(record: &mut Record, report: &Report, content: &Content, now: i64, no_commit: bool) {
    let said = report.evidence.commit.as_deref();
    let is_current = said.is_none_or(|said| {
        content.commit.as_deref().is_some_and(|commit| commit.starts_with(said))
    });
    if record.commit.is_none() && record.tree.is_none() && is_current {
        record.tree = Some(content.tree.clone());
        if !no_commit {
            record.commit.clone_from(&content.commit);
        }
    }
    if report.evidence.produced_at.is_none() && record.produced_at.is_none() {
        record.produced_at = Some(now);
    }
}

/// Says what was recorded, and what is missing for an audit.
fn tell(record: &Record, report: &Report, now: i64) -> Result<()> {
    let evidence = &report.evidence;
    let commit = record.commit.as_ref().map_or_else(String::new, |it| format!(", commit {it}"));
    let line = format!(
        "recorded {}: {}, {}{commit}, sha256 {}\n",
        sanitize_line(&record.file),
        evidence.kind,
        evidence.measures.show(),
        report.sha256,
    );
    crate::print(line.as_bytes())?;
    let file = sanitize_line(&record.file);
    match record.produced_at.or(evidence.produced_at) {
        None => complain(&format!(
            "warning: {file} does not say when it was made: give `--produced-at`, or its age is unknown"
        )),
        Some(at) if at > now => complain(&format!(
            "warning: {file} says that it was made in the future: is the clock of its machine right?"
        )),
        Some(_) => {}
    }
    if record.commit.is_none() && record.tree.is_none() {
        complain(&format!(
            "warning: no commit is recorded for {file}: give `--commit`, or it may speak of any version"
        ));
    }
    Ok(())
}

//! The checklist: reading it, and writing answers back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use careen_audit_model::{Audit, Proof, Status};
use careen_checklist::{Answer, Checklist, parse, tick};
use careen_text::Source;

use super::folder::Folder;
use super::settings::Settings;
use crate::args::AuditArguments;
use crate::{complain, files};

/// careen's own checklist.
const OWN: &str = include_str!("../../../../../policies/checklists/production.md");
/// How it is called in reports.
const OWN_NAME: &str = "production.md (built in)";
/// Bytes of a checklist or a sidecar.
const MOST_BYTES: u64 = 4 << 20;
/// Digits of a digest that stand in a checklist.
const SHORT: usize = 12;

/// A checklist, and where it is.
pub(super) struct List {
    pub(super) checklist: Checklist,
    /// The file; none for careen's own.
    pub(super) path: Option<PathBuf>,
    /// The bindings beside it.
    pub(super) sidecar: Option<Arc<Source>>,
}

pub(super) fn read(settings: &Settings, folder: &Folder) -> Result<List> {
    let Some(path) = &settings.checklist else {
        let checklist = parse(&Source::new(OWN_NAME, OWN));
        return Ok(List { checklist, path: None, sidecar: None });
    };
    let source = open(path, folder)?;
    let mut checklist = parse(&source);
    let beside = path.with_extension("careen.yaml");
    let sidecar = settings.bindings.clone().or_else(|| beside.is_file().then_some(beside));
    let sidecar = sidecar.map(|path| open(&path, folder)).transpose()?;
    if let Some(sidecar) = &sidecar {
        checklist.bind(sidecar);
    }
    if checklist.items.is_empty() {
        bail!(
            "{} holds no items: an item is a line like `- [ ] Backups are configured`",
            path.display()
        );
    }
    Ok(List { checklist, path: Some(path.clone()), sidecar })
}

fn open(path: &Path, folder: &Folder) -> Result<Arc<Source>> {
    let shown = path.display().to_string();
    let bytes =
        files::read_at_most(path, MOST_BYTES).with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{shown} is larger than {} MiB", MOST_BYTES >> 20);
    }
    let text = String::from_utf8(bytes).with_context(|| format!("{shown} is not valid UTF-8"))?;
    let name = folder.shown_of(path).unwrap_or(shown);
    Ok(Source::new(name, text))
}

/// Writes answers into the checklist, or says that they are not there. Whether all is as it should be.
pub(super) fn write_back(arguments: &AuditArguments, list: &List, audit: &Audit) -> Result<bool> {
    if !arguments.write && !arguments.check {
        return Ok(true);
    }
    let Some(path) = &list.path else {
        bail!("careen's own checklist cannot be written to: give yours with `--checklist FILE`");
    };
    let answers: Vec<_> =
        audit.items.iter().filter(|item| !item.controls.is_empty()).map(answer).collect();
    let text = tick(&list.checklist, &answers);
    if text == list.checklist.source.text() {
        return Ok(true);
    }
    if arguments.check {
        complain(&format!("{}: is stale: write it again with `--write`", path.display()));
        return Ok(false);
    }
    let shown = path.display();
    files::overwrite(path, text.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
    Ok(true)
}

fn answer(item: &careen_audit_model::Item) -> Answer {
    let proven = item.status == Status::Pass;
    let evidence = if proven { item.evidence.iter().map(told).collect() } else { Vec::new() };
    Answer { line: item.line, proven, evidence }
}

/// A proof as a line of Markdown.
fn told(proof: &Proof) -> String {
    let at = |place: &careen_audit_model::Place| format!("`{}:{}`", place.path, place.line);
    match proof {
        Proof::File { what, place } => format!("{what}: {}", at(place)),
        Proof::Files { what, places, .. } => {
            let first = places.first().map(|place| format!(", first {}", at(place)));
            format!("{what}{}", first.unwrap_or_default())
        }
        Proof::Evidence { path, sha256, what } => {
            format!("{what} (`{path}`, sha256 {})", sha256.get(..SHORT).unwrap_or(sha256))
        }
        Proof::SignOff { by, role, path } => format!("signed by {by} as {role} (`{path}`)"),
        Proof::Waiver { owner, path } => format!("waived by {owner} (`{path}`)"),
        Proof::Git { what, id } => format!("{what} ({})", id.get(..SHORT).unwrap_or(id)),
        Proof::Cluster { path, what } => format!("{what} (`{path}`)"),
    }
}

//! The reports: finding them, hashing them, having them read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use careen_audit::{Outcome, Piece};
use careen_audit_model::Unseen;
use careen_evidence::{Kind, MOST_BYTES, Record, Trouble, records, sniff};
use careen_text::Source;
use rayon::prelude::*;

use super::folder::Folder;
use super::settings::Settings;
use crate::digest::digest;
use crate::files;

/// Where records of reports stand.
const RECORDS: &str = ".careen/evidence.yaml";
/// Bytes of the records.
const MOST_RECORDS: u64 = 8 << 20;
/// Reports that are read at most.
const MOST_PIECES: usize = 20_000;

pub(super) fn read(
    settings: &Settings,
    folder: &Folder,
    unseen: &mut Vec<Unseen>,
) -> Result<Vec<Piece>> {
    let mut records = recorded(folder, unseen)?;
    // By the path that is shown, so that a file which is found twice is read once.
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    found.extend(folder.own_files("evidence", unseen)?);
    for place in &settings.evidence {
        found.extend(folder.files_below(place)?);
    }
    for (within, record) in &records {
        let path = folder.path.join(within);
        let message = match folder.link_on(within) {
            Some(link) => {
                format!("`{within}` was recorded, and `{link}` is a link: it is not followed")
            }
            None if path.is_file() => {
                found.insert(folder.shown(within), path);
                continue;
            }
            None => format!("`{within}` was recorded and is not there"),
        };
        unseen.push(Unseen {
            path: Some(folder.shown(RECORDS)),
            line: Some(record.line),
            message,
            incomplete: false,
        });
    }
    if found.len() > MOST_PIECES {
        unseen.push(Unseen {
            path: None,
            line: None,
            message: format!("there are more than {MOST_PIECES} reports: the rest is not read"),
            incomplete: true,
        });
    }
    let files: Vec<_> = found
        .into_iter()
        .take(MOST_PIECES)
        .map(|(shown, path)| {
            let within = folder.within(&shown).to_owned();
            let record = records.remove(&within);
            (shown, within, path, record)
        })
        .collect();
    files
        .into_par_iter()
        .map(|(shown, within, path, record)| piece(&shown, &within, &path, record))
        .collect()
}

/// The paths of recorded reports, relative to the folder. What was recorded and is no report is what it was:
/// a record takes no manifest out of what is judged.
pub(super) fn recorded_paths(folder: &Folder) -> Result<Vec<String>> {
    let records = recorded(folder, &mut Vec::new())?;
    let reports = records.into_par_iter().filter(|(within, record)| {
        let path = folder.path.join(within);
        let bytes = files::read_at_most(&path, MOST_BYTES).unwrap_or_default();
        matches!(outcome(&bytes, Some(record)), Outcome::Read(_))
    });
    Ok(reports.map(|(within, _)| within).collect())
}

/// What is said of reports beside them, by path.
fn recorded(folder: &Folder, unseen: &mut Vec<Unseen>) -> Result<BTreeMap<String, Record>> {
    let path = folder.path.join(RECORDS);
    if let Some(link) = folder.link_on(RECORDS) {
        unseen.push(folder.not_followed(&link));
        return Ok(BTreeMap::new());
    }
    if !path.is_file() {
        return Ok(BTreeMap::new());
    }
    let bytes = files::read_at_most(&path, MOST_RECORDS)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let shown = folder.shown(RECORDS);
    let source = Arc::new(Source::from_bytes(shown.as_str(), bytes));
    let read = records(&source);
    unseen.extend(read.troubles.into_iter().map(|trouble| Unseen {
        path: Some(shown.clone()),
        line: trouble.line,
        message: trouble.message,
        incomplete: false,
    }));
    Ok(read.records.into_iter().map(|record| (record.file.clone(), record)).collect())
}

fn piece(shown: &str, within: &str, path: &Path, record: Option<Record>) -> Result<Piece> {
    let (sha256, size) = digest(path).with_context(|| format!("cannot read {shown}"))?;
    let mut text = None;
    let outcome = if size > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        Outcome::Broken(Trouble::new(format!(
            "is larger than {most} MiB and was not read: give a summary instead"
        )))
    } else {
        let bytes = files::read_at_most(path, MOST_BYTES)
            .with_context(|| format!("cannot read {shown}"))?;
        let outcome = outcome(&bytes, record.as_ref());
        if let Outcome::Read(evidence) = &outcome
            && evidence.kind == Kind::Kubectl
        {
            text = String::from_utf8(bytes).ok();
        }
        outcome
    };
    Ok(Piece { path: shown.into(), within: within.into(), sha256, size, record, outcome, text })
}

fn outcome(bytes: &[u8], record: Option<&Record>) -> Outcome {
    let told = record.and_then(|record| record.kind);
    let text = String::from_utf8_lossy(bytes);
    let Some(kind) = told.or_else(|| sniff(&text)) else { return Outcome::Unknown };
    let recorded = record.cloned().unwrap_or_default();
    match careen_evidence::read_recorded(kind, bytes, &recorded) {
        Ok(evidence) => Outcome::Read(evidence),
        Err(trouble) => Outcome::Broken(trouble),
    }
}

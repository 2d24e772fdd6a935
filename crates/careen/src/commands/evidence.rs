//! `careen evidence`: records of reports in `.careen/evidence.yaml`.

mod add;
mod list;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use careen_evidence::{Evidence, Kind, Record, Trouble, read_recorded, sniff};
use careen_text::{Encoding, Source};

use crate::args::EvidenceAction;
use crate::digest::digest_of;
use crate::files::read_at_most;

/// Where records stand, in the audited folder.
const FILE: &str = ".careen/evidence.yaml";
/// Nobody records so much.
const MOST_BYTES: u64 = 8 << 20;

pub(crate) fn run(action: &EvidenceAction) -> Result<u8> {
    match action {
        EvidenceAction::Add(arguments) => add::run(arguments),
        EvidenceAction::List(arguments) => list::run(arguments),
    }
}

/// The audited folder as it really is.
fn folder(path: &Path) -> Result<PathBuf> {
    let shown = path.display();
    let real = fs::canonicalize(path).with_context(|| format!("cannot read {shown}"))?;
    if !real.is_dir() {
        bail!("{shown} is no folder: name the one that is audited");
    }
    Ok(real)
}

/// The records as they are written; empty where there are none yet.
fn text(folder: &Path) -> Result<String> {
    // A link could lead out of what is audited.
    for part in [".careen", FILE] {
        if fs::symlink_metadata(folder.join(part)).is_ok_and(|it| it.is_symlink()) {
            bail!("{part} is a link: records are kept in the audited folder itself");
        }
    }
    let bytes = match read_at_most(&folder.join(FILE), MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {FILE}")),
    };
    if bytes.len() as u64 > MOST_BYTES {
        bail!("{FILE} is larger than {} MiB: take out old records", MOST_BYTES >> 20);
    }
    let source = Source::from_bytes(FILE, bytes);
    if source.encoding() != Encoding::Utf8 {
        bail!("{FILE} is not text in UTF-8");
    }
    Ok(source.text().to_owned())
}

/// What a report is and says.
struct Report {
    evidence: Evidence,
    sha256: String,
}

/// Reads a report as its record says.
fn report(bytes: &[u8], record: &Record) -> Result<Report, Trouble> {
    let sniffed = || std::str::from_utf8(bytes).ok().and_then(sniff);
    let Some(kind) = record.kind.or_else(sniffed) else {
        let kinds = Kind::ALL.map(Kind::as_str).join(", ");
        return Err(Trouble::new(format!(
            "is no report that careen knows by its content: name its format with `--kind`, which \
             tells what is wrong with it. There are {kinds}"
        )));
    };
    let evidence = read_recorded(kind, bytes, record)?;
    Ok(Report { evidence, sha256: digest_of(bytes) })
}

/// Trouble with its place: `out/junit.xml:3: …`.
fn placed(file: &str, trouble: &Trouble) -> String {
    let line = trouble.line.map_or_else(String::new, |line| format!(":{line}"));
    let column = trouble.column.map_or_else(String::new, |column| format!(":{column}"));
    format!("{file}{line}{column}: {}", trouble.message)
}

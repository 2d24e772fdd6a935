use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use careen_evidence::{Evidence, MOST_BYTES, Record, records};
use careen_text::{Source, sanitize_line};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{FILE, Report, folder, placed, report, text};
use crate::args::{EvidenceListArguments, ListFormat};
use crate::files::read_at_most;

/// Lists all records. Ends with 1 where one of them proves nothing.
pub(super) fn run(arguments: &EvidenceListArguments) -> Result<u8> {
    let folder = folder(&arguments.folder)?;
    let found = records(&Source::new(FILE, text(&folder)?));
    if !found.troubles.is_empty() {
        let troubles: Vec<_> = found.troubles.iter().map(|it| placed(FILE, it)).collect();
        bail!("{}", troubles.join("\nerror: "));
    }
    let all: Vec<_> =
        found.records.into_iter().map(|record| (look(&folder, &record), record)).collect();
    let out = match arguments.format {
        ListFormat::Text => all.iter().fold(String::new(), |mut out, (outcome, record)| {
            show(record, outcome, &mut out);
            out
        }),
        ListFormat::Json => {
            let items: Vec<_> = all.iter().map(|(outcome, record)| item(record, outcome)).collect();
            format!("{:#}\n", Value::Array(items))
        }
    };
    crate::print(out.as_bytes())?;
    Ok(u8::from(all.iter().any(|(outcome, _)| outcome.is_err())))
}

/// What the report of a record says, or why it proves nothing.
fn look(folder: &Path, record: &Record) -> Result<Evidence, String> {
    let path = folder.join(&record.file);
    let real = fs::canonicalize(&path).map_err(|_| format!("{}: is not there", record.file))?;
    if !real.starts_with(folder) {
        return Err(format!("{}: is a link out of the audited folder", record.file));
    }
    let bytes = read_at_most(&real, MOST_BYTES)
        .map_err(|error| format!("{}: cannot be read: {error}", record.file))?;
    let Report { evidence, sha256 } =
        report(&bytes, record).map_err(|trouble| placed(&record.file, &trouble))?;
    if record.sha256.as_ref().is_some_and(|recorded| *recorded != sha256) {
        return Err(format!("{}: was changed after it was recorded", record.file));
    }
    Ok(evidence)
}

fn show(record: &Record, outcome: &Result<Evidence, String>, out: &mut String) {
    let line = match outcome {
        Ok(evidence) => {
            let mut words = vec![evidence.kind.to_string()];
            words.extend(record.suite.clone());
            words.extend(record.environment.clone());
            words.push(evidence.measures.show());
            words.extend(commit(record, evidence).map(|commit| format!("commit {commit}")));
            words.extend(time(record, evidence));
            format!("{}: {}", record.file, words.join(", "))
        }
        Err(message) => format!("error: {message}"),
    };
    // Writing into a text cannot fail.
    let _ = writeln!(out, "{}", sanitize_line(&line));
}

fn item(record: &Record, outcome: &Result<Evidence, String>) -> Value {
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() {
            item.insert(key.to_owned(), value);
        }
    };
    put("file", json!(record.file));
    put("line", json!(record.line));
    put("suite", json!(record.suite));
    put("environment", json!(record.environment));
    put("tree", json!(record.tree));
    put("sha256", json!(record.sha256));
    match outcome {
        Ok(evidence) => {
            let measures = evidence.measures.iter();
            let measures: Map<_, _> =
                measures.map(|(measure, value)| (measure.to_string(), json!(value))).collect();
            let issues = evidence.issues.iter();
            let issues: Vec<_> =
                issues.map(|it| json!({"name": it.name, "message": it.message})).collect();
            put("kind", json!(evidence.kind.as_str()));
            put("tool", json!(evidence.tool));
            put("producedAt", json!(time(record, evidence)));
            put("commit", json!(commit(record, evidence)));
            put("about", json!(evidence.about));
            put("measures", Value::Object(measures));
            put("issues", json!(issues));
            put("moreIssues", json!(evidence.more_issues));
        }
        Err(message) => {
            put("kind", json!(record.kind.map(careen_evidence::Kind::as_str)));
            put("error", json!(message));
        }
    }
    Value::Object(item)
}

fn commit<'r>(record: &'r Record, evidence: &'r Evidence) -> Option<&'r str> {
    record.commit.as_deref().or(evidence.commit.as_deref())
}

/// The earlier of what the record and the report say, so that nothing seems fresher than it is.
fn time(record: &Record, evidence: &Evidence) -> Option<String> {
    let seconds = record.produced_at.into_iter().chain(evidence.produced_at).min()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
}

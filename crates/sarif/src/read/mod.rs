//! Reads what other tools write. Nothing of it is trusted: what cannot be read is left out and told,
//! what is read is what the types can say, and what comes out can be written again.

mod location;
mod outcome;
mod rules;
mod run;
mod value;

use serde_json::Value;

use self::value::{At, list, text};
use crate::{ColumnKind, Run};

/// Bytes of a log.
pub const MAX_BYTES: u64 = 100 << 20;
/// Values in a log: each takes memory, whatever it holds.
const MAX_VALUES: usize = 8_000_000;
/// Runs of a log.
const MAX_RUNS: usize = 200;
/// Results of a log.
const MAX_RESULTS: usize = 200_000;
/// Problems that are told; the rest is counted.
const MAX_PROBLEMS: usize = 10;

/// A log as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadLog {
    /// What tools did.
    pub runs: Vec<ReadRun>,
    /// What could not be read, each with its place as a JSON pointer. The results are there all the
    /// same, as far as they say anything.
    pub problems: Vec<String>,
    /// How many more problems there are.
    pub more_problems: usize,
}

/// A run as it was read. References are resolved: rules of extensions stand with those of the driver,
/// every result has a rule, messages are texts, files and objects stand where they are named. URIs are
/// as they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadRun {
    /// The run. `language`, `taxonomies` and `logical_locations` are not read.
    pub run: Run,
    /// Whether there is a list of results at all: without one the tool did not look.
    pub has_results: bool,
    /// What columns count, if that is said.
    pub column_kind: Option<ColumnKind>,
    /// The URI of the folder that the tool ran in.
    pub working_directory: Option<String>,
    /// The revision of the repository that the run looked at, of several the first.
    pub revision: Option<String>,
    /// When its invocations started and ended, as they say it.
    pub times: Vec<String>,
}

/// Why something is no log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSarif {
    /// It is not JSON.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// It is JSON of another kind.
    #[error("{place}: {what}")]
    Other {
        /// Where, as a JSON pointer; `/` is the whole.
        place: String,
        /// What is wrong, with the remedy.
        what: String,
    },
}

/// Reads a log.
///
/// # Errors
///
/// What is no JSON, no SARIF 2.1.0, or larger than can be looked at.
pub fn read(bytes: &[u8]) -> Result<ReadLog, NotSarif> {
    let text = value::decoded(bytes);
    let text: &str = text.as_ref();
    let other = |place: &At<'_>, what: &str| NotSarif::Other {
        place: place.to_string(),
        what: what.to_owned(),
    };
    let root = At::Root;
    if text.trim().is_empty() {
        return Err(NotSarif::Json("it is empty: did the tool that should write it fail?".into()));
    }
    if text.len() as u64 > MAX_BYTES || value::count(text) > MAX_VALUES {
        return Err(other(&root, "it is too large: split it by tool"));
    }
    let log: Value =
        serde_json::from_str(text).map_err(|error| NotSarif::Json(error.to_string()))?;
    verify(&log, &root, &other)?;
    let mut reading = ReadLog::default();
    let runs = list(&log, "runs");
    let runs_at = root.key("runs");
    if runs.len() > MAX_RUNS {
        return Err(other(&runs_at, "there are more than 200 runs"));
    }
    let results = runs.iter().map(|run| list(run, "results").len()).sum::<usize>();
    if results > MAX_RESULTS {
        return Err(other(&runs_at, "there are more than 200000 results: split it by tool"));
    }
    for (number, run) in runs.iter().enumerate() {
        let at = runs_at.item(number);
        if run["tool"]["driver"].get("name").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(other(&at, "no tool is named in `tool.driver.name`"));
        }
        let run = run::read(run, &at, &mut reading);
        reading.runs.push(run);
    }
    Ok(reading)
}

/// Says what a file is instead of a log.
fn verify(
    log: &Value,
    root: &At<'_>,
    other: &dyn Fn(&At<'_>, &str) -> NotSarif,
) -> Result<(), NotSarif> {
    if !log.is_object() {
        return Err(other(root, "it is no object: ask the tool for SARIF, not for JSON"));
    }
    let Some(runs) = log.get("runs") else {
        return Err(other(root, "`runs` is missing: ask the tool for SARIF, not for JSON"));
    };
    match text(log, "version") {
        Some("2.1.0") => {}
        Some(_) => {
            return Err(other(&root.key("version"), "only version 2.1.0 is read"));
        }
        None => return Err(other(root, "`version` is missing: it should say \"2.1.0\"")),
    }
    if !runs.is_array() {
        return Err(other(&root.key("runs"), "it should be a list"));
    }
    Ok(())
}

impl ReadLog {
    /// Notes what could not be read.
    fn problem(&mut self, at: &At<'_>, what: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(format!("{at}: {what}"));
        } else {
            self.more_problems += 1;
        }
    }
}

#[cfg(test)]
mod tests;

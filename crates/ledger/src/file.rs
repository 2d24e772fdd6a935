//! The baseline as a file.
//!
//! ```json
//! {
//!   "schema": "careen-baseline/1",
//!   "salt": "64 hex digits",
//!   "entries": [
//!     {"rule": "memory-limit-missing", "path": "deploy/web.yaml", "fingerprint": "…",
//!      "object": "Deployment/shop/web", "container": "web", "mark": "…"},
//!     {"rule": "github-token", "path": "src/a.env", "value": "…", "reason": "revoked on Monday",
//!      "owner": "team-payments", "expires": "2027-03-01"}
//!   ]
//! }
//! ```
//!
//! An entry stands on a line of its own, so that two branches that mend different findings merge.
//! Older files have entries without `container` and `mark`: those hold as long as the path and the
//! names stay as they were.

use serde::{Deserialize, Serialize};

use crate::baseline::{Baseline, BaselineError, Entry, Key};
use careen_rule::Day;

/// The contract that the file names.
const SCHEMA: &str = "careen-baseline/1";
/// A larger file is no baseline, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;
/// Entries of a baseline.
const MOST_ENTRIES: usize = 200_000;

#[derive(Deserialize)]
struct Document {
    schema: String,
    salt: String,
    entries: Vec<Row>,
}

#[derive(Deserialize, Serialize)]
struct Row {
    rule: String,
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

impl Baseline {
    /// Reads a baseline. `name` is what the user calls it.
    ///
    /// # Errors
    ///
    /// Says what is wrong and on which line, without repeating what stands there.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, BaselineError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(wrong(None, "is larger than 64 MiB: that is no baseline"));
        }
        let document: Document = serde_json::from_slice(bytes).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Data => {
                    "a key is missing or a value is of the wrong kind: this is no baseline"
                }
                _ => "this is not JSON",
            };
            wrong(Some(error.line()), what)
        })?;
        if document.schema != SCHEMA {
            return Err(wrong(None, &format!("`schema` is not `{SCHEMA}`")));
        }
        let salt = data_encoding::HEXLOWER.decode(document.salt.as_bytes()).ok();
        let salt = salt.and_then(|salt| <[u8; 32]>::try_from(salt).ok());
        let salt = salt.ok_or_else(|| wrong(None, "`salt` is not 64 hex digits"))?;
        if document.entries.len() > MOST_ENTRIES {
            return Err(wrong(None, &format!("holds more than {MOST_ENTRIES} entries")));
        }
        let mut baseline = Self::new(name, salt);
        for (at, row) in document.entries.into_iter().enumerate() {
            // As it is written, an entry is a line, below the four lines of the head.
            let entry = entry(row).map_err(|what| wrong(entry_line(bytes, at), what))?;
            baseline.push(entry);
        }
        Ok(baseline)
    }

    /// The file's text: entries in order of path, rule and key.
    #[must_use]
    pub fn write(&self) -> String {
        let mut entries: Vec<&Entry> = self.entries().iter().collect();
        entries.sort_by_key(|entry| (&entry.path, &entry.rule, &entry.key));
        let rows = entries.into_iter().map(row);
        let rows = rows.filter_map(|row| serde_json::to_string(&row).ok());
        let rows: Vec<String> = rows.map(|row| format!("\n    {row}")).collect();
        let close = if rows.is_empty() { "" } else { "\n  " };
        format!(
            "{{\n  \"schema\": \"{SCHEMA}\",\n  \"salt\": \"{}\",\n  \"entries\": [{}{close}]\n}}\n",
            data_encoding::HEXLOWER.encode(self.salt()),
            rows.join(",")
        )
    }
}

/// What a row says, or what is wrong with it.
fn entry(row: Row) -> Result<Entry, &'static str> {
    let key = match (row.value, row.fingerprint) {
        (Some(value), None) => Key::Value(value),
        (None, Some(fingerprint)) => Key::Fingerprint(fingerprint),
        _ => return Err("an entry has either `value` or `fingerprint`"),
    };
    let expires = match row.expires {
        Some(day) => Some(Day::parse(&day).ok_or("`expires` is a day, written 2027-03-01")?),
        None => None,
    };
    Ok(Entry {
        rule: row.rule,
        path: row.path,
        key,
        count: row.count.unwrap_or(1),
        object: row.object,
        container: row.container,
        mark: row.mark,
        reason: row.reason,
        owner: row.owner,
        expires,
    })
}

fn row(entry: &Entry) -> Row {
    let (value, fingerprint) = match entry.key.clone() {
        Key::Value(value) => (Some(value), None),
        Key::Fingerprint(fingerprint) => (None, Some(fingerprint)),
    };
    Row {
        rule: entry.rule.clone(),
        path: entry.path.clone(),
        value,
        fingerprint,
        count: (entry.count != 1).then_some(entry.count),
        object: entry.object.clone(),
        container: entry.container.clone(),
        mark: entry.mark.clone(),
        reason: entry.reason.clone(),
        owner: entry.owner.clone(),
        expires: entry.expires.as_ref().map(ToString::to_string),
    }
}

fn wrong(line: Option<usize>, message: &str) -> BaselineError {
    BaselineError { line, message: message.to_owned() }
}

/// The line of the entry with this number, if the file has a line for each.
fn entry_line(bytes: &[u8], number: usize) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    let rows = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("{\""));
    rows.map(|(at, _)| at + 1).nth(number)
}

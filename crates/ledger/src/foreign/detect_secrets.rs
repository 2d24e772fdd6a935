//! `.secrets.baseline` of detect-secrets: per file the SHA-1 of each known value, and the filters
//! that its user configured.

use std::collections::{BTreeMap, HashMap};

use aws_lc_rs::digest;
use regex::RegexSet;
use serde::Deserialize;

use super::patterns::compile;
use crate::Subject;

#[derive(Debug)]
pub(super) struct DetectSecrets {
    by_path: HashMap<String, Vec<Known>>,
    files: RegexSet,
    lines: RegexSet,
    secrets: RegexSet,
}

#[derive(Debug)]
struct Known {
    sha1: String,
    is_real: bool,
}

#[derive(Deserialize)]
struct Document {
    results: BTreeMap<String, Vec<Row>>,
    #[serde(default)]
    filters_used: Vec<Filter>,
    #[serde(default)]
    exclude: Option<Exclude>,
}

#[derive(Deserialize)]
struct Row {
    hashed_secret: String,
    #[serde(default)]
    is_secret: Option<bool>,
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    path: String,
    #[serde(default)]
    pattern: Patterns,
}

/// A pattern or several.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Patterns {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
    /// What other filters keep there.
    #[allow(dead_code, reason = "read to be passed over")]
    Else(serde_json::Value),
}

/// How versions before 1.0 wrote it.
#[derive(Deserialize)]
struct Exclude {
    files: Option<String>,
    lines: Option<String>,
}

impl Patterns {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::None | Self::Else(_) => Vec::new(),
            Self::One(pattern) => vec![pattern],
            Self::Many(patterns) => patterns,
        }
    }
}

impl DetectSecrets {
    pub(super) fn read(text: &str, problems: &mut Vec<String>) -> Option<Self> {
        let document: Document = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => {
                // The error's own text may quote the file.
                let line = error.line();
                problems.push(format!(
                    "does not hold what its name says, as line {line} tells: it accepts nothing"
                ));
                return None;
            }
        };
        let [mut files, mut lines, mut secrets] = [Vec::new(), Vec::new(), Vec::new()];
        for filter in document.filters_used {
            match filter.path.rsplit('.').next().unwrap_or_default() {
                "should_exclude_file" => files.extend(filter.pattern.into_list()),
                "should_exclude_line" => lines.extend(filter.pattern.into_list()),
                "should_exclude_secret" => secrets.extend(filter.pattern.into_list()),
                _ => {}
            }
        }
        if let Some(old) = document.exclude {
            files.extend(old.files);
            lines.extend(old.lines);
        }
        let by_path = document.results.into_iter().map(|(path, rows)| {
            let path = path.replace('\\', "/");
            let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
            let known = rows.into_iter().map(|row| Known {
                sha1: row.hashed_secret.to_ascii_lowercase(),
                is_real: row.is_secret == Some(true),
            });
            (path, known.collect())
        });
        Some(Self {
            by_path: by_path.collect(),
            files: compile(&files, "`should_exclude_file`", problems),
            lines: compile(&lines, "`should_exclude_line`", problems),
            secrets: compile(&secrets, "`should_exclude_secret`", problems),
        })
    }

    pub(super) fn accepts(&self, subject: &Subject<'_>) -> Option<String> {
        if let Some(known) = self.known(subject) {
            // It is known there, so nobody wants to be told by every run; but it is no false alarm.
            let reason =
                if known.is_real { "audited as a secret that is real: rotate it" } else { "" };
            return Some(reason.to_owned());
        }
        let excluded = self.files.is_match(subject.path)
            || subject.text.lines().any(|line| self.lines.is_match(line))
            || subject.secrets.iter().any(|secret| self.secrets.is_match(secret));
        excluded.then(|| "a filter excludes it".to_owned())
    }

    fn known(&self, subject: &Subject<'_>) -> Option<&Known> {
        let known = self.by_path.get(subject.path)?;
        let header = subject.text.lines().find_map(private_key_header);
        let trimmed = |secret: &&str| secret.trim_matches(['"', '\'', '`']).trim().to_owned();
        let written = subject.secrets.iter().map(trimmed).chain(header.map(str::to_owned));
        written
            .map(|secret| sha1(&secret))
            .find_map(|hash| known.iter().find(|known| known.sha1 == hash))
    }
}

/// What detect-secrets takes for the value of a private key.
pub(super) fn private_key_header(line: &str) -> Option<&str> {
    let from = line.find("BEGIN ")?;
    let rest = line.get(from..)?;
    let end = rest.find("PRIVATE KEY")? + "PRIVATE KEY".len();
    let block = rest.get(end..).is_some_and(|rest| rest.starts_with(" BLOCK"));
    rest.get(..end + if block { " BLOCK".len() } else { 0 })
}

fn sha1(text: &str) -> String {
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    data_encoding::HEXLOWER.encode(hash.as_ref())
}

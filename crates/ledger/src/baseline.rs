//! The baseline: findings that were there when Careen came, by what they are and not by their
//! lines.
//!
//! ```json
//! {
//!   "schema": "careen-baseline/1",
//!   "salt": "64 hex digits",
//!   "entries": [
//!     {"rule": "memory-limit-missing", "path": "deploy/web.yaml", "fingerprint": "…", "object": "…"},
//!     {"rule": "github-token", "path": "src/a.env", "value": "…", "reason": "revoked on Monday"}
//!   ]
//! }
//! ```
//!
//! An entry stands on a line of its own, so that two branches that mend different findings merge.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::place::{Place, Subject, key};

/// The contract that the file names.
const SCHEMA: &str = "careen-baseline/1";
/// A larger file is no baseline, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;
/// Entries of a baseline.
const MOST_ENTRIES: usize = 200_000;

/// What identifies a finding of a rule in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The salted hash of a secret's value.
    Value(String),
    /// The semantic fingerprint of anything else.
    Fingerprint(String),
}

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// The path as reported.
    pub path: String,
    /// What identifies it.
    pub key: Key,
    /// How many findings with the same fingerprint are known. A secret's entry holds for all places
    /// of the value in the file.
    pub count: usize,
    /// The object, for people.
    pub object: Option<String>,
    /// Why it is accepted, for people.
    pub reason: Option<String>,
}

/// Known findings.
#[derive(Debug)]
pub struct Baseline {
    /// The file, as the user names it.
    pub name: Arc<str>,
    salt: [u8; 32],
    entries: Vec<Entry>,
    by_path: HashMap<String, Vec<usize>>,
}

/// Why a text is no baseline, with its 1-based line if that is known. Nothing of the text is
/// repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError {
    /// Where.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for BaselineError {}

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
    reason: Option<String>,
}

impl Baseline {
    /// An empty baseline. The salt must be random.
    #[must_use]
    pub fn new(name: &str, salt: [u8; 32]) -> Self {
        Self { name: name.into(), salt, entries: Vec::new(), by_path: HashMap::new() }
    }

    /// A random salt for a new baseline.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub fn random_salt() -> Result<[u8; 32], BaselineError> {
        let mut salt = [0; 32];
        match aws_lc_rs::rand::fill(&mut salt) {
            Ok(()) => Ok(salt),
            Err(_) => Err(wrong(None, "the system gives no random numbers")),
        }
    }

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
            let key = match (row.value, row.fingerprint) {
                (Some(value), None) => Key::Value(value),
                (None, Some(fingerprint)) => Key::Fingerprint(fingerprint),
                _ => {
                    // As it is written, an entry is a line, below the four lines of the head.
                    let line = entry_line(bytes, at);
                    return Err(wrong(line, "an entry has either `value` or `fingerprint`"));
                }
            };
            baseline.push(Entry {
                rule: row.rule,
                path: row.path,
                key,
                count: row.count.unwrap_or(1),
                object: row.object,
                reason: row.reason,
            });
        }
        Ok(baseline)
    }

    /// The file's text: entries in order of path, rule and key.
    #[must_use]
    pub fn write(&self) -> String {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_key(|entry| (&entry.path, &entry.rule, &entry.key));
        let rows: Vec<String> = entries
            .into_iter()
            .filter_map(|entry| {
                let (value, fingerprint) = match entry.key.clone() {
                    Key::Value(value) => (Some(value), None),
                    Key::Fingerprint(fingerprint) => (None, Some(fingerprint)),
                };
                let row = Row {
                    rule: entry.rule.clone(),
                    path: entry.path.clone(),
                    value,
                    fingerprint,
                    count: (entry.count != 1).then_some(entry.count),
                    object: entry.object.clone(),
                    reason: entry.reason.clone(),
                };
                serde_json::to_string(&row).ok().map(|row| format!("\n    {row}"))
            })
            .collect();
        let close = if rows.is_empty() { "" } else { "\n  " };
        format!(
            "{{\n  \"schema\": \"{SCHEMA}\",\n  \"salt\": \"{}\",\n  \"entries\": [{}{close}]\n}}\n",
            data_encoding::HEXLOWER.encode(&self.salt),
            rows.join(",")
        )
    }

    /// The entries, as they stand in the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The salt.
    #[must_use]
    pub fn salt(&self) -> &[u8; 32] {
        &self.salt
    }

    /// Takes `places` in and what is `stale` out. What people wrote about entries that stay is kept;
    /// `reason` goes to the new ones. Entries of which nothing is known stay.
    pub fn replace(&mut self, places: &[Place], stale: &BTreeSet<usize>, reason: Option<&str>) {
        type Id<'e> = (&'e str, &'e str, &'e Key);
        fn id(entry: &Entry) -> Id<'_> {
            (&entry.path, &entry.rule, &entry.key)
        }
        let old = std::mem::take(&mut self.entries);
        let reasons: BTreeMap<Id<'_>, &Option<String>> =
            old.iter().map(|entry| (id(entry), &entry.reason)).collect();
        let mut new: BTreeMap<(String, String, Key), Entry> = BTreeMap::new();
        for place in places {
            let key = place.key(&self.salt);
            let by_value = matches!(key, Key::Value(_));
            let at = (place.path.clone(), place.rule.to_owned(), key.clone());
            match new.get_mut(&at) {
                Some(entry) if !by_value => entry.count += 1,
                Some(_) => {}
                None => {
                    let known = reasons.get(&(&*place.path, place.rule, &key));
                    let reason =
                        known.map_or_else(|| reason.map(str::to_owned), |known| (*known).clone());
                    let (path, rule) = (place.path.clone(), place.rule.to_owned());
                    let object = place.object.clone();
                    new.insert(at, Entry { rule, path, key, count: 1, object, reason });
                }
            }
        }
        let kept = old.iter().enumerate().filter(|(at, entry)| {
            let at_hand = (entry.path.clone(), entry.rule.clone(), entry.key.clone());
            !stale.contains(at) && !new.contains_key(&at_hand)
        });
        let kept: Vec<Entry> = kept.map(|(_, entry)| entry.clone()).collect();
        self.by_path.clear();
        for entry in new.into_values().chain(kept) {
            self.push(entry);
        }
    }

    /// Keeps the entries whose place in [`Baseline::entries`] is not among `stale`.
    pub fn remove(&mut self, stale: &BTreeSet<usize>) {
        let old = std::mem::take(&mut self.entries);
        self.by_path.clear();
        for (_, entry) in old.into_iter().enumerate().filter(|(at, _)| !stale.contains(at)) {
            self.push(entry);
        }
    }

    /// Begins to look up findings of one file.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Tally<'_> {
        let entries = self.by_path.get(path).map(Vec::as_slice).unwrap_or_default();
        let mut left: HashMap<Key, Vec<Left>> = HashMap::with_capacity(entries.len());
        for &at in entries {
            if let Some(entry) = self.entries.get(at) {
                left.entry(entry.key.clone()).or_default().push(Left { at, used: 0 });
            }
        }
        Tally { baseline: self, left }
    }

    fn push(&mut self, entry: Entry) {
        self.by_path.entry(entry.path.clone()).or_default().push(self.entries.len());
        self.entries.push(entry);
    }
}

/// What is left of a baseline in one file.
#[derive(Debug)]
pub struct Tally<'b> {
    baseline: &'b Baseline,
    /// By key, the entries that have it: one a rule, as a rule.
    left: HashMap<Key, Vec<Left>>,
}

#[derive(Debug)]
struct Left {
    at: usize,
    used: usize,
}

impl<'b> Tally<'b> {
    /// The entry that holds for a finding. Findings beyond an entry's count are new.
    pub fn take(&mut self, subject: &Subject<'_>) -> Option<&'b Entry> {
        if self.left.is_empty() {
            return None;
        }
        let key = key(subject.held, subject.fingerprint, &self.baseline.salt);
        let by_value = matches!(key, Key::Value(_));
        for left in self.left.get_mut(&key)? {
            let entry = self.baseline.entries.get(left.at)?;
            let same = subject.rule.is_called(&entry.rule);
            if same && (by_value || left.used < entry.count) {
                left.used += 1;
                return Some(entry);
            }
        }
        None
    }

    /// The entries that held for something.
    #[must_use]
    pub fn used(self) -> Vec<usize> {
        self.left.into_values().flatten().filter(|left| left.used > 0).map(|left| left.at).collect()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use careen_rule::{Held, Identity, Meta};

    use super::{Baseline, Key};
    use crate::{Place, Subject};

    static RULE: Meta = Meta { id: "a-rule", aliases: &["old-name"], ..Meta::DEFAULT };

    fn place(path: &str, fingerprint: &str, secret: Option<&str>) -> Place {
        Place {
            rule: "a-rule",
            path: path.to_owned(),
            object: None,
            fingerprint: fingerprint.to_owned(),
            held: secret.map(|it| Held { identity: Identity::of(it), by_name: false }),
        }
    }

    fn known(baseline: &Baseline, places: &[Place]) -> Vec<bool> {
        let mut tally = baseline.of_path(&places[0].path);
        let subject = |place: &'static Meta, it: &Place| Subject {
            rule: place,
            path: "",
            lines: (1, 1),
            text: "",
            secrets: &[],
            held: it.held,
            fingerprint: Box::leak(it.fingerprint.clone().into_boxed_str()),
        };
        places.iter().map(|it| tally.take(&subject(&RULE, it)).is_some()).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let mut baseline = Baseline::new("b.json", [7; 32]);
        let places = [
            place("b", "f1", None),
            place("a", "f2", Some("hunter2-hunter2")),
            place("b", "f1", None),
            place("a", "f3", Some("\"hunter2-hunter2\"")),
        ];
        baseline.replace(&places, &BTreeSet::new(), Some("old"));
        let text = baseline.write();
        assert!(!text.contains("hunter2"), "{text}");
        let again = Baseline::read("b.json", text.as_bytes()).unwrap();
        assert_eq!(again.entries(), baseline.entries());
        assert_eq!(again.write(), text);
        assert_eq!(again.entries().len(), 2);
        assert_eq!(again.entries()[1].count, 2);
        assert_eq!(again.entries()[1].reason.as_deref(), Some("old"));
        let empty = Baseline::new("b.json", [7; 32]).write();
        assert!(Baseline::read("b.json", empty.as_bytes()).unwrap().entries().is_empty());
    }

    #[test]
    fn more_of_the_same_is_new_but_a_secret_is_known_everywhere_in_its_file() {
        let mut baseline = Baseline::new("b.json", [7; 32]);
        baseline.replace(
            &[place("a", "f", None), place("a", "g", Some("one-secret"))],
            &BTreeSet::new(),
            None,
        );
        let same = place("a", "f", None);
        let secret = place("a", "other", Some("one-secret"));
        let new = place("a", "g", Some("another-secret"));
        let all = [same.clone(), same, secret.clone(), secret, new];
        assert_eq!(known(&baseline, &all), [true, false, true, true, false]);
        assert_eq!(known(&baseline, &[place("b", "f", None)]), [false]);
    }

    #[test]
    fn a_former_name_of_a_rule_holds() {
        let text = format!(
            "{{\"schema\":\"careen-baseline/1\",\"salt\":\"{}\",\"entries\":[{{\"rule\":\
             \"old-name\",\"path\":\"a\",\"fingerprint\":\"f\"}}]}}",
            "00".repeat(32)
        );
        let baseline = Baseline::read("b.json", text.as_bytes()).unwrap();
        assert_eq!(known(&baseline, &[place("a", "f", None)]), [true]);
        assert_eq!(baseline.entries()[0].key, Key::Fingerprint("f".to_owned()));
    }

    #[test]
    fn mistakes_tell_their_line_and_nothing_else() {
        let salt = "00".repeat(32);
        let head = format!("{{\n\"schema\":\"careen-baseline/1\",\n\"salt\":\"{salt}\",\n");
        for (text, line, words) in [
            ("{\n  hunter2-hunter2".to_owned(), Some(2), "not JSON"),
            (format!("{head}\"entries\":\n\"hunter2-hunter2\"}}"), Some(5), "wrong kind"),
            (
                format!("{head}\"entries\":[\n{{\"rule\":\"r\",\"path\":\"p\"}}]}}"),
                Some(5),
                "`value` or `fingerprint`",
            ),
            (head.replace("/1", "/hunter2-hunter2") + "\"entries\":[]}", None, "`schema`"),
            (head.replace("0000", "hunter2") + "\"entries\":[]}", None, "`salt`"),
        ] {
            let error = Baseline::read("b.json", text.as_bytes()).unwrap_err();
            assert_eq!(error.line, line, "{text}");
            assert!(error.message.contains(words), "{error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}

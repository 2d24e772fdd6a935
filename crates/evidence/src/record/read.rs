//! Reads records, and tells every mistake with its line.

use std::collections::BTreeMap;
use std::sync::Arc;

use careen_text::{Source, closest};
use careen_yaml::{Kind as Shape, Limits, Node, ProblemKind, Tree, parse};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::path::inside;
use super::{KEYS, MOST_RECORDS, Record, Records};
use crate::words::one_line;
use crate::{Kind, Measure, Scale, Trouble};

/// Mistakes that are told at once.
const MOST_TROUBLES: usize = 50;

/// Reads `.careen/evidence.yaml`.
#[must_use]
pub fn records(source: &Arc<Source>) -> Records {
    let limits = Limits { max_nodes: 500_000, max_depth: 16, max_alias_expansion: 10_000 };
    let tree = parse(source, &limits);
    let mut reader = Reader { source, found: Records::default() };
    for problem in tree.problems() {
        reader.say(problem.span.start, one_line(&problem.message, 200));
    }
    let cut = |kind| matches!(kind, ProblemKind::Syntax | ProblemKind::Limit);
    let is_whole = !tree.problems().iter().any(|problem| cut(problem.kind));
    let mut roots = tree.documents().filter_map(|document| document.root());
    if let Some(root) = roots.next() {
        reader.root(root, &tree);
    }
    if let Some(second) = roots.next() {
        reader.say(second.span().start, "is a second document: all records stand in one list");
    }
    // A record that was cut off may lack the digest its report must have.
    if !is_whole {
        reader.found.records.clear();
    }
    reader.found
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    found: Records,
}

impl Reader<'_> {
    fn say(&mut self, at: u32, message: impl Into<String>) {
        let position = self.source.position(at);
        if self.found.troubles.len() < MOST_TROUBLES {
            self.found.troubles.push(Trouble {
                line: Some(position.line),
                column: Some(position.column),
                message: message.into(),
            });
        }
    }

    fn root(&mut self, root: Node<'_>, tree: &Tree) {
        if root.is_null() || !self.has_keys(root, "the file", &["evidence"]) {
            return;
        }
        let Some(list) = root.get("evidence").filter(|list| !list.is_null()) else { return };
        if list.kind() != Shape::Sequence {
            return self.say(list.span().start, "`evidence` is a list of records: `- file: …`");
        }
        if list.items().count() > MOST_RECORDS {
            let message = format!("has more than {MOST_RECORDS} records: give reports together");
            return self.say(list.span().start, message);
        }
        let mut lines: BTreeMap<String, u32> = BTreeMap::new();
        for item in list.items() {
            let before = self.found.troubles.len();
            let is_twice = tree.problems().iter().any(|it| item.span().encloses(it.span));
            let Some(record) = self.record(item) else { continue };
            if let Some(line) = lines.get(&record.file) {
                let file = one_line(&record.file, 200);
                let message = format!("is a second record of {file}: the first is in line {line}");
                self.say(item.span().start, message);
            }
            lines.entry(record.file.clone()).or_insert(record.line);
            if self.found.troubles.len() == before && !is_twice {
                self.found.records.push(record);
            }
        }
    }

    /// Whether the node is a mapping; tells keys that it must not have.
    fn has_keys(&mut self, node: Node<'_>, what: &str, keys: &[&'static str]) -> bool {
        if node.kind() != Shape::Mapping {
            let keys = keys.join(", ");
            self.say(node.span().start, format!("{what} is a mapping with the keys {keys}"));
            return false;
        }
        for entry in node.entries() {
            let key = entry.name().unwrap_or_default();
            if keys.contains(&key) {
                continue;
            }
            let hint = closest(key, keys.iter().copied())
                .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
            let (key, keys) = (one_line(key, 60), keys.join(", "));
            let message = format!("{what} has no key `{key}`{hint}: its keys are {keys}");
            self.say(entry.key.span().start, message);
        }
        true
    }

    fn record(&mut self, node: Node<'_>) -> Option<Record> {
        if !self.has_keys(node, "a record", &KEYS) {
            return None;
        }
        let at = node.span().start;
        if node.get("file").is_none() {
            self.say(at, "names no report: a record needs `file`");
            return None;
        }
        let record = Record {
            line: self.source.position(at).line,
            file: self.value(node, "file", inside)?,
            kind: self.value(node, "kind", |word| {
                known(word, "kind of report", &Kind::ALL.map(Kind::as_str))
            }),
            suite: self.value(node, "suite", |word| name("suite", word)),
            environment: self.value(node, "environment", |word| name("environment", word)),
            produced_at: self.value(node, "produced-at", moment),
            commit: self.value(node, "commit", |word| {
                let is_one = (7..=64).contains(&word.len());
                hexadecimal(word).filter(|_| is_one).ok_or_else(|| {
                    "`commit` is no commit: write its id, 7 to 64 hexadecimal digits".to_owned()
                })
            }),
            tree: self.value(node, "tree", |word| {
                let digest = word.strip_prefix("sha256:").and_then(digest);
                digest.map(|digest| format!("sha256:{digest}")).ok_or_else(|| {
                    "`tree` is no content: write `sha256:` and 64 hexadecimal digits".to_owned()
                })
            }),
            sha256: self.value(node, "sha256", |word| {
                digest(word)
                    .ok_or_else(|| "`sha256` is no digest: write 64 hexadecimal digits".to_owned())
            }),
            measure: self.value(node, "measure", |word| {
                known(word, "measure", &Measure::ALL.map(Measure::as_str))
            }),
            unit: self
                .value(node, "unit", |word| known(word, "unit", &Scale::ALL.map(Scale::as_str))),
        };
        if record.unit.is_some() && record.measure.is_none() {
            self.say(at, "has a `unit` without a `measure`");
        }
        if record.measure.is_some() && record.kind.is_some_and(|kind| kind != Kind::Prometheus) {
            self.say(at, "has a `measure`, which only reports of the kind `prometheus` need");
        }
        Some(record)
    }

    /// The value of a key as `read` has it; what is wrong with it is told.
    fn value<T>(
        &mut self,
        node: Node<'_>,
        key: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let value = node.get(key)?;
        let read = match value.text() {
            Some(text) if !text.trim().is_empty() => read(text.trim()),
            _ => Err(format!("`{key}` has no value: write one, or take the key out")),
        };
        read.map_err(|message| self.say(value.span().start, message)).ok()
    }
}

/// A word of a list.
fn known<T: std::str::FromStr>(word: &str, what: &str, words: &[&str]) -> Result<T, String> {
    word.parse().map_err(|_| {
        let shown = one_line(word, 60);
        match closest(word, words.iter().copied()) {
            Some(near) => format!("no {what} is called `{shown}` (did you mean `{near}`?)"),
            None => format!("no {what} is called `{shown}`: there are {}", words.join(", ")),
        }
    })
}

fn name(key: &str, word: &str) -> Result<String, String> {
    let is_name = |c: char| c.is_alphanumeric() || "-_./ ".contains(c);
    if word.chars().count() <= 60 && word.chars().all(is_name) {
        return Ok(word.to_owned());
    }
    Err(format!("`{key}` is no name: write at most 60 letters, digits, blanks and `-_./`"))
}

fn moment(word: &str) -> Result<i64, String> {
    let moment = OffsetDateTime::parse(word, &Rfc3339);
    moment.map(OffsetDateTime::unix_timestamp).map_err(|_| {
        let word = one_line(word, 60);
        format!("`produced-at` is `{word}`, no time: write 2026-11-25T10:00:00Z")
    })
}

fn hexadecimal(word: &str) -> Option<String> {
    word.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| word.to_ascii_lowercase())
}

fn digest(word: &str) -> Option<String> {
    hexadecimal(word).filter(|word| word.len() == 64)
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::super::Record;
    use super::{Records, records};
    use crate::{Kind, Measure, Scale};

    fn read(text: &str) -> Records {
        records(&Source::new("evidence.yaml", text))
    }

    /// The line and the message of the only trouble.
    fn trouble(text: &str) -> (u32, String) {
        let found = read(text);
        assert_eq!(found.troubles.len(), 1, "{text}: {:?}", found.troubles);
        let trouble = found.troubles.into_iter().next().unwrap();
        (trouble.line.unwrap(), trouble.message)
    }

    #[test]
    fn a_record_says_what_a_report_is() {
        let digest = "AB".repeat(32);
        let text = format!(
            "# of the build\nevidence:\n- file: ./out/junit.xml\n  kind: junit\n  suite: unit\n  \
             environment: staging\n  produced-at: 2026-11-25T10:00:00Z\n  commit: 0123456789\n  \
             tree: sha256:{digest}\n  sha256: {digest}\n- {{file: p99.json, measure: p99, unit: seconds}}\n"
        );
        let found = read(&text);
        assert_eq!(found.troubles, []);
        assert_eq!(
            found.records[0],
            Record {
                file: "out/junit.xml".to_owned(),
                line: 3,
                kind: Some(Kind::Junit),
                suite: Some("unit".to_owned()),
                environment: Some("staging".to_owned()),
                produced_at: Some(1_795_600_800),
                commit: Some("0123456789".to_owned()),
                tree: Some(format!("sha256:{}", "ab".repeat(32))),
                sha256: Some("ab".repeat(32)),
                measure: None,
                unit: None,
            }
        );
        assert_eq!(found.records[1].measure, Some(Measure::P99));
        assert_eq!(found.records[1].unit, Some(Scale::Seconds));
    }

    #[test]
    fn nothing_is_no_mistake() {
        for text in ["", "# nothing\n", "evidence:\n", "evidence: []\n"] {
            assert_eq!(read(text), Records::default(), "{text}");
        }
    }

    #[test]
    fn every_mistake_has_its_line_and_costs_its_record() {
        for (record, line, part) in [
            ("- file: a\n  sha265: x\n", 2, "did you mean `sha256`?"),
            ("- file: ../a\n", 1, "leaves"),
            ("- file: /a\n", 1, "absolute"),
            ("- kind: junit\n", 1, "needs `file`"),
            ("- file: a\n  kind: junitt\n", 2, "did you mean `junit`?"),
            ("- file: a\n  produced-at: yesterday\n", 2, "no time"),
            ("- file: a\n  sha256: abc\n", 2, "64 hexadecimal"),
            ("- file: a\n  tree: abc\n", 2, "`sha256:`"),
            ("- file: a\n  commit: main\n", 2, "hexadecimal"),
            ("- file: a\n  suite:\n", 2, "no value"),
            ("- file: a\n  unit: seconds\n", 1, "without a `measure`"),
            ("- file: a\n  kind: k6\n  measure: p99\n", 1, "prometheus"),
            ("- file: a\n  suite: \"a\\e[31m\"\n", 2, "no name"),
            ("- file: a\n  commit: [a]\n", 2, "no value"),
            ("- a\n", 1, "is a mapping"),
            ("- file: a\n  suite: b\n  suite: c\n", 3, "suite"),
        ] {
            let text = format!("evidence:\n{record}- file: fine\n");
            let (at, message) = trouble(&text);
            assert!(message.contains(part), "{record}: {message}");
            assert_eq!(at, line + 1, "{record}: {message}");
            let files: Vec<_> = read(&text).records.into_iter().map(|it| it.file).collect();
            assert_eq!(files, ["fine"], "{record}");
        }
    }

    #[test]
    fn files_of_something_else_are_told() {
        assert!(trouble("- file: a\n").1.contains("is a mapping"));
        assert!(trouble("evidnce: []\n").1.contains("did you mean `evidence`?"));
        assert!(trouble("evidence: junit.xml\n").1.contains("list of records"));
        assert!(trouble("evidence: []\n---\nevidence: []\n").1.contains("second document"));
        let (line, message) = trouble("evidence:\n- file: a\n- file: ./a\n");
        assert_eq!(line, 3);
        assert!(message.contains("the first is in line 2"), "{message}");
    }

    #[test]
    fn a_file_that_is_cut_off_has_no_records() {
        let found = read("evidence:\n- file: a\n- file: b\n  suite: \"unit\n");
        assert!(!found.troubles.is_empty());
        assert!(found.records.is_empty());
    }

    #[test]
    fn more_records_than_anybody_gives_are_refused() {
        let text = format!("evidence:\n{}", "- {file: a}\n".repeat(10_001));
        let (_, message) = trouble(&text);
        assert!(message.contains("more than 10000"), "{message}");
        assert!(read(&text).records.is_empty());
    }
}

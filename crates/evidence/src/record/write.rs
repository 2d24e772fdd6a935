//! Writes one record into a file and keeps the rest: comments, order, quotes.

use std::sync::Arc;

use careen_text::Source;
use careen_yaml::edit::{self, Edit, New};
use careen_yaml::{Limits, parse};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::path::inside;
use super::{KEYS, Record, records};
use crate::{Kind, Measure, Scale, Trouble};

/// What stands above the records of a new file.
const HEAD: &str =
    "# Reports that `careen audit` takes as evidence. `careen evidence add` writes here.\n";
/// A record to be filled in.
const FIRST: &str = "\n- file: report";

/// The text of `.careen/evidence.yaml` with a record: in the place of the one of the same file, else
/// behind the last. Comments and all other records stay as they are written.
///
/// # Errors
///
/// The file has mistakes, or is written in a way that cannot be changed with certainty.
pub fn record_into(text: &str, record: &Record) -> Result<String, Trouble> {
    let file = inside(&record.file).map_err(Trouble::new)?;
    let record = Record { file, ..record.clone() };
    let before = records(&Source::new("evidence.yaml", text));
    if let Some(trouble) = before.troubles.into_iter().next() {
        return Err(trouble);
    }
    // What is wrong with the record itself is told as such.
    let alone = appended("", &record).unwrap_or_default();
    if let Some(trouble) = records(&Source::new("evidence.yaml", alone)).troubles.into_iter().next()
    {
        return Err(Trouble::new(trouble.message));
    }
    let is_known = before.records.iter().any(|it| it.file == record.file);
    let new = if is_known { replaced(text, &record) } else { appended(text, &record) };
    // What was written is read again: a record must not change by being written.
    new.filter(|new| holds(new, &record, &before.records)).ok_or_else(|| {
        Trouble::new(
            "is written in a way that cannot be changed with certainty: write it as a plain list",
        )
    })
}

/// Whether a text has the record, and all others as before.
fn holds(text: &str, record: &Record, before: &[Record]) -> bool {
    let after = records(&Source::new("evidence.yaml", text));
    let is_same = |one: &Record, two: &Record| {
        Record { line: 0, ..one.clone() } == Record { line: 0, ..two.clone() }
    };
    let others = |list: &[Record]| -> Vec<Record> {
        list.iter()
            .filter(|it| it.file != record.file)
            .map(|it| Record { line: 0, ..it.clone() })
            .collect()
    };
    after.troubles.is_empty()
        && after.records.iter().any(|it| is_same(it, record))
        && others(&after.records) == others(before)
}

/// The values of a record by their keys.
fn values(record: &Record) -> Vec<(&'static str, Option<String>)> {
    let text = |text: &Option<String>| text.clone();
    let produced_at = record.produced_at.and_then(|seconds| {
        OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()
    });
    let values = [
        Some(record.file.clone()),
        record.kind.map(Kind::as_str).map(str::to_owned),
        text(&record.suite),
        text(&record.environment),
        produced_at,
        text(&record.commit),
        text(&record.tree),
        text(&record.sha256),
        record.measure.map(Measure::as_str).map(str::to_owned),
        record.unit.map(Scale::as_str).map(str::to_owned),
    ];
    KEYS.into_iter().zip(values).collect()
}

fn appended(text: &str, record: &Record) -> Option<String> {
    let tree = parse(&Source::new("evidence.yaml", text), &Limits::default());
    let root = tree.documents().next().and_then(|document| document.root());
    let Some(root) = root.filter(|root| !root.is_null()) else {
        let mut start = if text.trim().is_empty() { HEAD.to_owned() } else { text.to_owned() };
        if !start.ends_with('\n') {
            start.push('\n');
        }
        return begun(&format!("{start}evidence:{FIRST}\n"), record);
    };
    let list = root.entry("evidence")?;
    if list.value.items().next().is_none() {
        // `[]`, or nothing, gives way to a list in lines.
        let from = list.key.definition_span().end as usize;
        let colon = from + text.get(from..)?.find(':')? + 1;
        let to = colon.max(list.value.definition_span().end as usize);
        return begun(&format!("{}{FIRST}{}", text.get(..colon)?, text.get(to..)?), record);
    }
    let values = values(record);
    let entries: Vec<_> = values
        .iter()
        .filter_map(|(key, value)| Some((*key, New::Text(value.as_deref()?))))
        .collect();
    apply(text, &edit::append_item(list.value, New::Map(&entries))?)
}

/// A list with one record of no report yet, which becomes this one.
fn begun(text: &str, record: &Record) -> Option<String> {
    let tree = parse(&Source::new("evidence.yaml", text), &Limits::default());
    let root = tree.documents().next().and_then(|document| document.root())?;
    let file = root.get("evidence")?.items().next()?.get("file")?;
    let named = apply(text, &edit::replace_scalar(file, New::Text(&record.file))?)?;
    replaced(&named, record)
}

/// Sets the values of a record one by one, so that comments beside them stay.
fn replaced(text: &str, record: &Record) -> Option<String> {
    let mut text = text.to_owned();
    for (key, value) in values(record) {
        let source: Arc<Source> = Source::new("evidence.yaml", text.as_str());
        let tree = parse(&source, &Limits::default());
        let root = tree.documents().next().and_then(|document| document.root())?;
        let item = root.get("evidence")?.items().find(|item| {
            let file = item.get("file").and_then(|file| file.text());
            file.is_some_and(|file| inside(file.trim()).is_ok_and(|file| file == record.file))
        })?;
        let edit = match (value, item.get(key)) {
            (_, Some(_)) if key == "file" => continue,
            (Some(value), Some(old)) if old.text() == Some(value.as_str()) => continue,
            (Some(value), _) => edit::set(item, &[key], New::Text(&value))?,
            (None, Some(_)) => edit::remove_entry(item, key)?,
            (None, None) => continue,
        };
        text = apply(&text, &edit)?;
    }
    Some(text)
}

fn apply(text: &str, edit: &Edit) -> Option<String> {
    let mut new = text.to_owned();
    let range = edit.span.range();
    text.get(range.clone())?;
    new.replace_range(range, &edit.text);
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::{HEAD, Record, record_into};
    use crate::Kind;

    fn record(file: &str) -> Record {
        Record {
            file: file.to_owned(),
            kind: Some(Kind::Junit),
            commit: Some("1234567".to_owned()),
            produced_at: Some(1_795_600_800),
            ..Record::default()
        }
    }

    #[test]
    fn a_new_file_is_a_list() {
        let first = record_into("", &record("out/a.xml")).unwrap();
        assert_eq!(
            first,
            format!(
                "{HEAD}evidence:\n- file: out/a.xml\n  kind: junit\n  \
                 produced-at: \"2026-11-25T10:00:00Z\"\n  commit: \"1234567\"\n"
            )
        );
        let second =
            record_into(&first, &Record { suite: Some("e2e".to_owned()), ..record("b c.xml") });
        let second = second.unwrap();
        assert!(second.starts_with(&first), "{second}");
        assert!(second.contains("- file: \"b c.xml\"\n  kind: junit\n  suite: e2e\n"), "{second}");
    }

    #[test]
    fn a_record_is_replaced_where_it_stands() {
        let text = "# ours\nevidence:\n\n# by hand\n- file: b.xml # the other\n- file: './a.xml'\n  suite: unit  # fast\n  \
                    sha256: 'abababababababababababababababababababababababababababababababab'\n  kind: junit\n- {file: c.xml}\n";
        let new = record_into(text, &Record { suite: Some("e2e".to_owned()), ..record("a.xml") })
            .unwrap();
        assert_eq!(
            new,
            "# ours\nevidence:\n\n# by hand\n- file: b.xml # the other\n- file: './a.xml'\n  suite: e2e  # fast\n  \
             kind: junit\n  produced-at: \"2026-11-25T10:00:00Z\"\n  commit: \"1234567\"\n- {file: c.xml}\n"
        );
        assert_eq!(
            record_into(&new, &Record { suite: Some("e2e".to_owned()), ..record("a.xml") }),
            Ok(new)
        );
    }

    #[test]
    fn other_layouts_are_kept() {
        for text in [
            "evidence:\n",
            "evidence: []\n",
            "# only\n",
            "evidence:\n  - file: x\n",
            "evidence: [{file: x}]\n",
            "evidence:\r\n- file: x\r\n",
        ] {
            let new = record_into(text, &record("a.xml")).unwrap();
            assert!(new.contains("a.xml"), "{new}");
            assert!(
                new.starts_with(text.split(['[', '\n']).next().unwrap_or_default().trim_end()),
                "{new}"
            );
        }
    }

    #[test]
    fn a_file_with_mistakes_is_left_alone() {
        let trouble = record_into("evidence:\n- fiel: a\n", &record("a.xml")).unwrap_err();
        assert_eq!(trouble.line, Some(2));
        assert!(record_into("", &record("../a.xml")).is_err());
        let odd = Record { commit: Some("main".to_owned()), ..record("a.xml") };
        let trouble = record_into("", &odd).unwrap_err();
        assert!(trouble.line.is_none() && trouble.message.contains("`commit`"), "{trouble}");
    }
}

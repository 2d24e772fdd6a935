//! The fixes in SARIF, applied by what they say: regions by lines and UTF-16 columns.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{AT, copy_folder, folder, root, run};
use crate::sarif::repositories;

/// The byte that a line and a column stand for: lines and columns count from 1, columns UTF-16.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let mut start = 0;
    for _ in 1..line {
        start += text[start..].find('\n').unwrap_or_else(|| panic!("no line {line}")) + 1;
    }
    let mut units = 1;
    for (at, character) in text[start..].char_indices() {
        if units >= column {
            assert_eq!(units, column, "inside of a character");
            return start + at;
        }
        units += character.len_utf16() as u64;
    }
    assert_eq!(units, column, "beyond the end");
    text.len()
}

/// Edits by file: what goes, as bytes, and what comes.
type Edits = BTreeMap<String, Vec<(usize, usize, String)>>;

/// The edits of the safe fixes of a log, as far as none touches another.
fn edits(log: &Value, directory: &Path) -> Edits {
    let mut edits = Edits::new();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        for fix in result["fixes"].as_array().into_iter().flatten() {
            let description = fix["description"]["text"].as_str().unwrap();
            let unsafe_one = description.contains("Look first");
            for change in fix["artifactChanges"].as_array().unwrap() {
                let uri = change["artifactLocation"]["uri"].as_str().unwrap();
                let text = fs::read_to_string(directory.join(uri)).unwrap();
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
                let of_fix: Vec<(usize, usize, String)> = change["replacements"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|replacement| {
                        let region = &replacement["deletedRegion"];
                        let at = |line: &str, column: &str| {
                            let number = |key: &str| region[key].as_u64().unwrap();
                            offset(text, number(line), number(column))
                        };
                        let inserted = replacement["insertedContent"]["text"].as_str();
                        (
                            at("startLine", "startColumn"),
                            at("endLine", "endColumn"),
                            inserted.unwrap_or_default().to_owned(),
                        )
                    })
                    .collect();
                assert!(of_fix.iter().all(|(start, end, _)| start <= end));
                if unsafe_one {
                    continue;
                }
                let known = edits.entry(uri.to_owned()).or_default();
                let touches = of_fix.iter().any(|(start, end, _)| {
                    known.iter().any(|(from, to, _)| start <= to && from <= end)
                });
                if !touches {
                    known.extend(of_fix);
                }
            }
        }
    }
    edits
}

fn apply(edits: Edits, directory: &Path) -> usize {
    let mut applied = 0;
    for (uri, mut edits) in edits {
        let path = directory.join(uri);
        let text = fs::read_to_string(&path).unwrap();
        let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
        let mut new = text[mark.len()..].to_owned();
        edits.sort();
        for (start, end, inserted) in edits.into_iter().rev() {
            new.replace_range(start..end, &inserted);
            applied += 1;
        }
        fs::write(&path, format!("{mark}{new}")).unwrap();
    }
    applied
}

fn contents(folder: &Path, below: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            contents(folder, &path, into);
        } else if path.is_file() {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            into.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut into = BTreeMap::new();
    contents(folder, folder, &mut into);
    into
}

/// An editor that applies the fixes is on the way to where `--fix` arrives, and nowhere else.
#[test]
fn fixes_of_the_fixtures_lead_to_what_fix_writes() {
    let mut applied = 0;
    for name in repositories() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for to in [&one, &other] {
            copy_folder(&root().join("fixtures/repos").join(&name), to.path());
        }
        let log = run(one.path(), &["check", "--format", "sarif", "--at", AT]).json();
        applied += apply(edits(&log, one.path()), one.path());
        for at in [&one, &other] {
            run(at.path(), &["check", "--fix", "--at", AT]);
        }
        assert_eq!(tree(one.path()), tree(other.path()), "{name}");
    }
    assert!(applied > 0);
}

/// One fix of one rule, behind what takes one, two and three bytes, in a file of Windows with a mark:
/// applied, it is to the byte what `--fix` writes and what `--diff` shows.
#[test]
fn columns_are_utf16_behind_everything() {
    let text = "\u{feff}apiVersion: v1 # ü\r\nkind: ConfigMap\r\nmetadata: {name: a, namespace: s}\r\n\
                data: {a: \"🚢 ü €\", b: on, c: \"🚢\"}\r\n";
    let (one, other) =
        (folder(&[("a.yaml", text.as_bytes())]), folder(&[("a.yaml", text.as_bytes())]));
    let rule = ["check", "--select", "value-needs-quotes", "--at", AT];
    let with = |directory: &Path, more: &[&str]| run(directory, &[&rule[..], more].concat());
    let log = with(one.path(), &["--format", "sarif"]).json();
    let edits = edits(&log, one.path());
    let diff = with(one.path(), &["--diff"]).stdout;
    let inserted: Vec<String> = edits["a.yaml"].iter().map(|(.., text)| text.clone()).collect();
    apply(edits, one.path());
    with(other.path(), &["--fix"]);
    assert_eq!(tree(one.path()), tree(other.path()));
    for text in inserted {
        assert!(diff.lines().any(|line| line.starts_with('+') && line.contains(&text)), "{diff}");
    }
}

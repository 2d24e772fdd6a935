//! Edits: what they write, when they refuse, and that they change nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_text::Source;
use careen_yaml::edit::{self, Edit, New};
use careen_yaml::{Kind, Limits, Node, ProblemKind, Tree, parse};
use proptest::prelude::*;

const FALSE: New<'_> = New::Raw("false");
const ALL: New<'_> = New::List(&[New::Text("ALL")]);

fn tree(text: &str) -> Tree {
    parse(&Source::new("test.yaml", text), &Limits::default())
}

fn root(tree: &Tree) -> Node<'_> {
    tree.documents().next().unwrap().root().unwrap()
}

fn applied(text: &str, edit: &Edit) -> String {
    let range = edit.span.range();
    [&text[..range.start], &edit.text, &text[range.end..]].concat()
}

/// The text after `set` below the mapping at `at`.
fn set(text: &str, at: &[&str], path: &[&str], value: New<'_>) -> Option<String> {
    let tree = tree(text);
    let edit = edit::set(root(&tree).at(at).unwrap(), path, value)?;
    Some(applied(text, &edit))
}

fn first_item(text: &str, path: &[&str], value: New<'_>) -> Option<String> {
    let tree = tree(text);
    let item = root(&tree).get("c").unwrap().items().next().unwrap();
    Some(applied(text, &edit::set(item, path, value)?))
}

#[test]
fn parents_are_made_in_the_style_around() {
    let escalation = &["securityContext", "allowPrivilegeEscalation"];
    for (text, expected) in [
        (
            "c:\n- name: a # first\n  image: b\n- name: c\n",
            "c:\n- name: a # first\n  image: b\n  securityContext:\n    allowPrivilegeEscalation: false\n- name: c\n",
        ),
        (
            "c:\n    - name: a\n      x:\n          y: 1\n",
            "c:\n    - name: a\n      x:\n          y: 1\n      securityContext:\n          allowPrivilegeEscalation: false\n",
        ),
        // CRLF, and no break at the end.
        (
            "c:\r\n  - name: a",
            "c:\r\n  - name: a\r\n    securityContext:\r\n      allowPrivilegeEscalation: false",
        ),
        // A value without text, with comments that belong to it and to the next.
        (
            "c:\n- name: a\n  securityContext: # todo\n  # what?\n  b: 1\n",
            "c:\n- name: a\n  securityContext: # todo\n    allowPrivilegeEscalation: false\n  # what?\n  b: 1\n",
        ),
        (
            "c:\n- securityContext: null # todo\n",
            "c:\n- securityContext: {allowPrivilegeEscalation: false} # todo\n",
        ),
        (
            "c:\n- securityContext: {}\n",
            "c:\n- securityContext: {allowPrivilegeEscalation: false}\n",
        ),
        (
            "c:\n- securityContext: { privileged: false } # no\n",
            "c:\n- securityContext: { privileged: false, allowPrivilegeEscalation: false } # no\n",
        ),
        (
            "c:\n- securityContext: {\n    a: 1,\n    b: 2,\n  }\n",
            "c:\n- securityContext: {\n    a: 1,\n    b: 2,\n    allowPrivilegeEscalation: false,\n  }\n",
        ),
        (
            "c:\n- securityContext:\n    allowPrivilegeEscalation: 'true' # no\n",
            "c:\n- securityContext:\n    allowPrivilegeEscalation: false # no\n",
        ),
        (
            "c:\n- {name: a}\n",
            "c:\n- {name: a, securityContext: {allowPrivilegeEscalation: false}}\n",
        ),
        // Comments that are indented like the entries stay above the new one.
        (
            "c:\n- name: a\n  # env: []\n# next\n- name: b\n",
            "c:\n- name: a\n  # env: []\n  securityContext:\n    allowPrivilegeEscalation: false\n# next\n- name: b\n",
        ),
    ] {
        assert_eq!(first_item(text, escalation, FALSE).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn json_stays_json() {
    let cases = [
        (
            "{\n  \"c\": [\n    {\n      \"name\": \"a\"\n    }\n  ]\n}\n",
            "{\n  \"c\": [\n    {\n      \"name\": \"a\",\n      \"s\": {\n        \"drop\": [\"ALL\"]\n      }\n    }\n  ]\n}\n",
        ),
        ("{\"c\":[{\"name\":\"a\"}]}", "{\"c\":[{\"name\":\"a\",\"s\":{\"drop\":[\"ALL\"]}}]}"),
        (
            "{\"c\": [{\"name\": \"a\", \"s\": {}}]}",
            "{\"c\": [{\"name\": \"a\", \"s\": {\"drop\": [\"ALL\"]}}]}",
        ),
        ("{\"c\": [{\"s\": null}]}", "{\"c\": [{\"s\": {\"drop\": [\"ALL\"]}}]}"),
    ];
    for (text, expected) in cases {
        let new = first_item(text, &["s", "drop"], ALL).unwrap();
        assert_eq!(new, expected);
        serde_json::from_str::<serde_json::Value>(&new).unwrap();
    }
}

#[test]
fn lists_are_indented_as_others_are() {
    assert_eq!(
        first_item("c:\n- name: a\n", &["cap", "drop"], ALL).unwrap(),
        "c:\n- name: a\n  cap:\n    drop:\n    - ALL\n"
    );
    assert_eq!(
        first_item("c:\n  - name: a\n", &["cap", "drop"], ALL).unwrap(),
        "c:\n  - name: a\n    cap:\n      drop:\n        - ALL\n"
    );
    let append = |text: &str| {
        let tree = tree(text);
        let edit = edit::append_item(root(&tree).get("c")?, New::Text("ALL"))?;
        Some(applied(text, &edit))
    };
    assert_eq!(append("c:\n- A # a\n# b\nb: 1\n").unwrap(), "c:\n- A # a\n- ALL\n# b\nb: 1\n");
    assert_eq!(append("c: [A]\n").unwrap(), "c: [A, ALL]\n");
    assert_eq!(append("c: [ A,B ]\n").unwrap(), "c: [ A,B,ALL ]\n");
    assert_eq!(append("c: []").unwrap(), "c: [ALL]");
    assert_eq!(append("c: [\n  A,\n  B\n]\n").unwrap(), "c: [\n  A,\n  B,\n  ALL\n]\n");
    assert_eq!(append("c:\n- a: |+\n    b\n"), None);
}

#[test]
fn what_is_not_sure_is_refused() {
    for (text, at, path) in [
        // Through an alias, and where one stands for it.
        ("a: &x {b: 1}\nc: *x\n", &["c"][..], &["d"][..]),
        ("a: &x {b: 1}\nc: *x\n", &["a"], &["d"]),
        ("a: &x\n  b: {}\nc: *x\n", &["c", "b"], &["d"]),
        // By a merge key.
        ("a: &x {b: 1}\nc:\n  <<: *x\n", &["c"], &["b"]),
        ("a: &x {b: {}}\nc:\n  <<: *x\n", &["c"], &["b", "d"]),
        // A broken document, a scalar in the way, tags and block scalars.
        ("c: {a: 1}\nd: [\n", &["c"], &["b"]),
        ("c: {a: 1}\n", &["c"], &["a", "b"]),
        ("c: {a: !!str 1}\n", &["c"], &["a"]),
        ("c:\n  a: |\n    x\n", &["c"], &["a"]),
        // Layouts that nobody writes.
        ("c:\n  ? a\n  : b\n", &["c"], &["d"]),
        ("c: {a: 1 # no\n  }\n", &["c"], &["d"]),
        ("c: {a}\n", &["c"], &["d"]),
        ("c:\n  a: |\n   x", &["c"], &["d"]),
        ("c:\n  a: |+\n   x\n\n", &["c"], &["d"]),
        ("c:\n  &k a: 1\n", &["c"], &["d"]),
        ("c:\n  a: &n\n", &["c"], &["a"]),
        ("c:\n  ?\n   : b\n", &["c"], &["d"]),
    ] {
        assert_eq!(set(text, at, path, FALSE), None, "{text}");
    }
    // What a merge key brings does not stand in the way of others.
    let text = "a: &x {b: 1}\nc:\n  <<: *x\n";
    assert_eq!(set(text, &["c"], &["d"], FALSE).unwrap(), format!("{text}  d: false\n"));
}

#[test]
fn scalars_keep_their_quotes() {
    let replaced = |text: &str, value| set(text, &[], &["a"], value);
    for (text, expected) in [
        ("a: x # c\n", "a: new # c\n"),
        ("a: 'x'\n", "a: 'new'\n"),
        ("a: \"x\"\n", "a: \"new\"\n"),
        ("{\"a\": 1}", "{\"a\": \"new\"}"),
        ("a: # c\n", "a: new # c\n"),
        ("a:", "a: new"),
    ] {
        assert_eq!(replaced(text, New::Text("new")).as_deref(), Some(expected));
    }
    assert_eq!(replaced("a: x\n", New::Text("on")).unwrap(), "a: \"on\"\n");
    let quoted = |text: &str| {
        let tree = tree(text);
        edit::quote(root(&tree).get("a")?).map(|edit| applied(text, &edit))
    };
    assert_eq!(quoted("a: no # c\n").unwrap(), "a: \"no\" # c\n");
    assert_eq!(quoted("a: C:\\x\n").unwrap(), "a: 'C:\\x'\n");
    assert_eq!(quoted("a: x\n  y\n"), None);
    assert_eq!(quoted("a: 'no'\n"), None);
}

/// A tree as data, for comparison.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Scalar(String, String),
    Map(Vec<(String, Self)>),
    List(Vec<Self>),
}

fn value(node: Node<'_>) -> Value {
    if node.is_alias() {
        return Value::Scalar("*".to_owned(), "alias".to_owned());
    }
    match node.kind() {
        Kind::Mapping => Value::Map(
            node.entries()
                .map(|entry| (entry.name().unwrap_or("?").to_owned(), value(entry.value)))
                .collect(),
        ),
        Kind::Sequence => Value::List(node.items().map(value).collect()),
        Kind::Scalar => {
            let text = node.text().unwrap_or_default();
            Value::Scalar(text.to_owned(), format!("{:?}", node.scalar()))
        }
    }
}

impl Value {
    fn put(&mut self, path: &[&str], new: Self) {
        let Some((key, rest)) = path.split_first() else {
            *self = new;
            return;
        };
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        let Self::Map(entries) = self else { return };
        if let Some((_, inner)) = entries.iter_mut().find(|(name, _)| name == key) {
            inner.put(rest, new);
            return;
        }
        let mut inner = Self::Map(Vec::new());
        inner.put(rest, new);
        entries.push(((*key).to_owned(), inner));
    }
}

/// Every collection of the tree in the order of the text, aliases not followed.
fn collections(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == Kind::Scalar || node.is_alias() {
        return Vec::new();
    }
    let below = node.entries().map(|entry| entry.value).chain(node.items());
    std::iter::once(node).chain(below.flat_map(collections)).collect()
}

fn documents(tree: &Tree) -> Vec<Value> {
    tree.documents().filter_map(|document| document.root()).map(value).collect()
}

fn comments(tree: &Tree) -> Vec<String> {
    tree.comments().iter().map(|each| tree.source().slice(each.span).to_owned()).collect()
}

fn problems(tree: &Tree) -> usize {
    tree.problems().iter().filter(|each| each.kind != ProblemKind::DuplicateKey).count()
}

/// Sets `path` in the n-th collection of the first document and compares the rest.
fn check_set(text: &str, nth: usize, path: &[&str], new: New<'_>) {
    let before = tree(text);
    let Some(top) = before.documents().next().and_then(|document| document.root()) else { return };
    let all = collections(top);
    if all.is_empty() {
        return;
    }
    let node = all[nth % all.len()];
    let (edit, place) = match node.kind() {
        Kind::Mapping => (edit::set(node, path, new), path),
        _ => (edit::append_item(node, New::Text("yes")), &[][..]),
    };
    let Some(edit) = edit else { return };
    let after_text = applied(text, &edit);
    let after = tree(&after_text);
    let shown = format!("{text:?}\n=> {after_text:?}");
    assert_eq!(problems(&after), problems(&before), "{shown}");
    assert_eq!(comments(&after), comments(&before), "{shown}");
    let (old, now) = (documents(&before), documents(&after));
    assert_eq!(old.len(), now.len(), "{shown}");
    assert_eq!(old.get(1..), now.get(1..), "{shown}");
    let top = after.documents().next().unwrap().root().unwrap();
    let changed = collections(top);
    let same = changed[nth % all.len()];
    let mut expected = value(node);
    if node.kind() == Kind::Mapping {
        let value_there = value(same.at(place).unwrap());
        match new {
            New::Raw(text) => {
                assert!(
                    matches!(&value_there, Value::Scalar(there, _) if there == text),
                    "{shown}"
                );
            }
            _ => assert!(matches!(&value_there, Value::List(items) if items.len() == 1), "{shown}"),
        }
        expected.put(place, value_there);
    } else if let Value::List(items) = &mut expected {
        items.push(Value::Scalar("yes".to_owned(), "Some(Str(\"yes\"))".to_owned()));
    }
    assert_eq!(expected, value(same), "{shown}");
    // The rest: everything outside of the collection is where it was.
    let mut first = old[0].clone();
    swap(&mut first, &value(node), &expected);
    let mut second = now[0].clone();
    swap(&mut second, &value(node), &expected);
    assert_eq!(first, second, "{shown}");
}

/// Puts `to` wherever `from` stands, so that equal neighbours do not matter.
fn swap(value: &mut Value, from: &Value, to: &Value) {
    if value == from {
        value.clone_from(to);
        return;
    }
    match value {
        Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| swap(value, from, to)),
        Value::List(items) => items.iter_mut().for_each(|value| swap(value, from, to)),
        Value::Scalar(..) => {}
    }
}

/// A YAML text of block and flow collections with comments, at an indentation.
fn written(depth: u32) -> BoxedStrategy<Vec<String>> {
    let scalar = prop_oneof![
        "[a-z]{1,4}",
        Just(String::new()),
        Just("'it''s'".to_owned()),
        Just("\"q # x\"".to_owned()),
        Just("null".to_owned()),
        Just("12".to_owned()),
        Just("{}".to_owned()),
        Just("[]".to_owned()),
        Just("{k: 1, b: [x, {y: z}]}".to_owned()),
        Just("{\"k\": {\"n\": 1}}".to_owned()),
        Just("[ a , b ]".to_owned()),
        Just("*al".to_owned()),
        Just("&al v".to_owned()),
        Just("plain\n  goes on".to_owned()),
        Just("|\n  text\n  # no comment".to_owned()),
        Just(">-\n  text\n\n  more".to_owned()),
        Just("|+\n  text\n".to_owned()),
    ];
    let line = (scalar, prop_oneof![4 => Just(""), 1 => Just(" # c")]).prop_map(|(value, end)| {
        let block = value.contains('\n') || value.starts_with('*');
        let space = if value.is_empty() { "" } else { " " };
        let whole = format!("{space}{value}{}", if block { "" } else { end });
        whole.split('\n').map(str::to_owned).collect()
    });
    if depth == 0 {
        return line.boxed();
    }
    let inner = || written(depth - 1);
    let note = || prop_oneof![3 => Just(None), 1 => Just(Some("# n")), 1 => Just(Some("   # m")), 1 => Just(Some(""))];
    let map = (proptest::collection::vec((inner(), note()), 1..4), 1..4usize, any::<bool>())
        .prop_map(|(entries, step, anchored)| {
            let mut lines = vec![if anchored { " &al".to_owned() } else { String::new() }];
            for (key, (value, note)) in ["k", "b", "x", "y"].iter().zip(entries) {
                let pad = " ".repeat(step);
                lines.push(format!("{pad}{key}:{}", value[0]));
                lines.extend(value[1..].iter().map(|line| format!("{pad}{line}")));
                lines.extend(note.map(|note| format!("{pad}{note}")));
            }
            lines
        });
    let list = (proptest::collection::vec((inner(), note()), 1..3), 0..3usize).prop_map(
        |(items, step)| {
            let mut lines = vec![String::new()];
            for (value, note) in items {
                let pad = " ".repeat(step);
                // A mapping begins beside its dash when it is indented by two.
                match value.get(1) {
                    Some(first) if value[0].is_empty() && first.starts_with("  ") => {
                        let first = first.trim_start();
                        lines.push(format!("{pad}- {first}"));
                        lines.extend(value[2..].iter().map(|line| format!("{pad}{line}")));
                    }
                    _ => {
                        lines.push(format!("{pad}-{}", value[0]));
                        lines.extend(value[1..].iter().map(|line| format!("{pad}  {line}")));
                    }
                }
                lines.extend(note.map(|note| format!("{pad}{note}")));
            }
            lines
        },
    );
    prop_oneof![line, map.clone(), map, list].boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn edits_change_nothing_else(
        lines in written(4),
        nth in 0..12usize,
        path in prop_oneof![
            Just(&["k"][..]), Just(&["new"][..]), Just(&["new", "deep"][..]), Just(&["b", "deep"][..]),
        ],
        list in any::<bool>(),
        crlf in any::<bool>(),
        cut in any::<bool>(),
        tail in prop_oneof![Just(""), Just("---\nz: 1 # z\n"), Just("...\n"), Just("# end\n")],
    ) {
        let mut text = lines.get(1..).unwrap_or_default().join("\n");
        text.push('\n');
        text.push_str(tail);
        if cut {
            text.pop();
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        check_set(&text, nth, path, if list { ALL } else { FALSE });
    }

    #[test]
    fn any_text_is_safe(text in "[ab:\\-?,#&*!|>'\"{}\\[\\] \t\r\n]{0,40}", nth in 0..6usize) {
        check_set(&text, nth, &["a"], FALSE);
        check_set(&text, nth, &["n", "m"], ALL);
    }
}

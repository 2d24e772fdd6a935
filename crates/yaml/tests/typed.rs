//! Reading into types, and the same plain documents through another reader.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use std::collections::BTreeMap;

use careen_text::Source;
use careen_yaml::de::{Typed, from_node};
use careen_yaml::{Limits, Tree, parse};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn tree(text: &str) -> Tree {
    parse(&Source::new("test.yaml", text), &Limits::default())
}

fn read<T: DeserializeOwned>(tree: &Tree) -> Typed<T> {
    from_node(tree.documents().next().unwrap().root().unwrap())
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Pod {
    name: String,
    #[serde(default)]
    replicas: Option<i32>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    containers: Vec<Container>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Container {
    image: String,
    #[serde(default)]
    privileged: bool,
    #[serde(default)]
    policy: Option<Policy>,
}

#[derive(Debug, Deserialize, PartialEq)]
enum Policy {
    Always,
    Custom { seconds: u32 },
    Limit(f64),
}

#[test]
fn unknown_fields_have_the_span_of_their_key() {
    let tree = tree(
        "name: x\nreplicas: 1e1\nlabel: {a: {b: c}}\ncontainers:\n- image: i\n  privledged: true\n  policy: Always\n- image: j\n  policy: {Custom: {seconds: 0x10, minutes: 1}}\n- image: k\n  policy: {Limit: 3}\nlabels: &l\n  y: \"1\"\n",
    );
    let typed: Typed<Pod> = read(&tree);
    assert_eq!(typed.errors, []);
    let pod = typed.value.unwrap();
    assert_eq!(pod.replicas, Some(10));
    assert_eq!(pod.labels.get("y").unwrap(), "1");
    assert_eq!(pod.containers[0].policy, Some(Policy::Always));
    assert_eq!(pod.containers[1].policy, Some(Policy::Custom { seconds: 16 }));
    assert_eq!(pod.containers[2].policy, Some(Policy::Limit(3.0)));
    let unknown: Vec<_> = typed
        .unknown
        .iter()
        .map(|(path, span)| (path.as_str(), tree.source().slice(*span)))
        .collect();
    assert_eq!(
        unknown,
        [
            ("label", "label"),
            ("containers[0].privledged", "privledged"),
            ("containers[1].policy.Custom.minutes", "minutes"),
        ]
    );
}

#[test]
fn errors_stand_at_the_innermost_node_and_show_no_value() {
    for (text, place, part) in [
        ("name: 12345\n", "12345", "found an integer"),
        ("name: on\n", "on", "found a boolean"),
        ("name: x\nlabels: {a: 77}\n", "77", "expected a string"),
        ("name: x\nreplicas: hunter2\n", "hunter2", "found a string"),
        ("name: x\nreplicas: 3000000000\n", "3000000000", "not allowed here"),
        ("name: x\ncontainers:\n- image: [1]\n", "[1]", "found a sequence"),
        ("name: x\ncontainers:\n- image: i\n  privileged: \"yes\"\n", "\"yes\"", "a boolean"),
        ("name: x\ncontainers:\n- image: i\n  policy: hunter2\n", "hunter2", "`Always`"),
        ("name: x\ncontainers:\n- {}\n", "{}", "image"),
        ("name: x\ncontainers: 1\n", "1", "expected a sequence"),
        ("name: &a x\nlabels: *a\n", "*a", "found a string"),
        ("name: *a\n", "*a", "no anchor"),
    ] {
        let tree = tree(text);
        let typed: Typed<Pod> = read(&tree);
        assert!(typed.value.is_none(), "{text:?}");
        let (span, message) = &typed.errors[0];
        assert_eq!(tree.source().slice(*span), place, "{text:?}: {message}");
        assert!(message.contains(part), "{text:?}: {message}");
        assert!(!message.contains("hunter2") && !message.contains("12345"), "{message}");
    }
}

#[test]
fn null_is_empty_where_a_collection_is_wanted() {
    let tree = tree("name: x\nreplicas:\nlabels:\ncontainers: ~\n");
    let typed: Typed<Pod> = read(&tree);
    let pod = typed.value.unwrap();
    assert!(pod.replicas.is_none() && pod.labels.is_empty() && pod.containers.is_empty());
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Strict {
    name: String,
}

#[test]
fn strict_types_name_the_key() {
    let tree = tree("name: x\nnmae: y\n");
    let typed: Typed<Strict> = read(&tree);
    let (span, message) = &typed.errors[0];
    assert_eq!(tree.source().slice(*span), "nmae");
    assert!(message.contains("`nmae`") && message.contains("`name`"), "{message}");
}

#[derive(Debug, Deserialize)]
struct Quantity(String);

#[test]
fn quantities_may_be_numbers_and_merged_fields_count() {
    let tree = tree("base: &b {cpu: 1, memory: 1.5}\nuse: {<<: *b, memory: 2Gi}\n");
    let typed: Typed<BTreeMap<String, BTreeMap<String, Quantity>>> = read(&tree);
    let value = typed.value.unwrap();
    assert_eq!(value["use"]["cpu"].0, "1");
    assert_eq!(value["use"]["memory"].0, "2Gi");
    assert_eq!(value["base"]["memory"].0, "1.5");
}

#[derive(Debug, Deserialize)]
struct Nest {
    #[serde(default)]
    next: Option<Box<Self>>,
}

#[test]
fn deep_values_are_refused() {
    let text = "{next: ".repeat(200) + &"}".repeat(200);
    let typed: Typed<Nest> = read(&tree(&text));
    assert!(typed.value.is_none());
    assert!(typed.errors[0].1.contains("nested"));
    let typed: Typed<Nest> = read(&tree(&("{next: ".repeat(100) + &"}".repeat(100))));
    let mut depth = 0;
    let mut at = typed.value.as_ref();
    while let Some(nest) = at {
        depth += 1;
        at = nest.next.as_deref();
    }
    assert_eq!(depth, 100);
}

#[test]
fn agrees_with_another_reader_on_plain_documents() {
    for text in [
        "a: 1\nb: [x, 'y', \"z\\t\"]\nc:\n  d: true\n  e: ~\n  f: 1.5\n",
        "- |\n  a\n   b\n\n  c\n- >-\n  a\n  b\n\n  c\n- plain\n  text\n- ''\n-\n",
        "x: &x {p: q}\ny: *x\nz: [*x, *x]\n",
        "{\"json\": [1, -2, 3.5e2, null, false, \"\\u00e9\\n\"]}",
        "# c\nk: v # c\nl:\n- a: b\n  c: d\n-   - nested\n    - seq\n",
        "a: \"multi\n  line\n\n  text\"\nb: 'it''s\n  ok'\n",
        "? complex\n: value\nurl: http://x/y#z\ntime: 12:30:00\n",
        "k: |2\n    indented\nl: |+\n  keep\n\nm: end\n",
    ] {
        let ours: Typed<serde_json::Value> = read(&tree(text));
        let theirs: serde_json::Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(ours.value, Some(theirs), "{text:?}");
    }
}

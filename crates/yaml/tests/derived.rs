//! The way back from a scalar's bytes to the file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_text::{Source, Span};
use careen_yaml::{Limits, Node, Style, Tree, parse};
use proptest::prelude::*;

fn tree(text: &str) -> Tree {
    parse(&Source::new("test.yaml", text), &Limits::default())
}

/// Checks every byte; gives whether the way back is exact rather than a whole.
fn check(node: Node<'_>) -> bool {
    let text = node.text().unwrap();
    let derived = node.derived().unwrap();
    assert_eq!(derived.text(), Some(text));
    let span = node.definition_span();
    let file = node.source().text();
    let mut exact = true;
    for (at, character) in text.char_indices() {
        let bytes = Span::of(at..at + character.len_utf8());
        let back = derived.resolve(bytes);
        assert!(span.encloses(back), "{text:?} {at}: {back:?} outside {span:?}");
        let written = file.get(back.range()).expect("on character boundaries");
        if written != character.to_string() {
            let foreign =
                matches!(character, '\n' | ' ') || written.starts_with('\\') || written == "''";
            exact &= foreign && written.len() <= 12 || written.trim().is_empty();
        }
    }
    exact
}

fn value(text: &str) -> (Tree, String) {
    let tree = tree(text);
    assert!(tree.problems().is_empty(), "{text:?} {:?}", tree.problems());
    let node = tree.documents().next().unwrap().root().unwrap().get("k").unwrap();
    assert!(check(node), "{text:?} is mapped as a whole");
    let value = node.text().unwrap().to_owned();
    (tree, value)
}

#[test]
fn every_style_leads_back() {
    for (text, expected) in [
        ("k: plain text\n", "plain text"),
        ("k: plain\n   more  \n\n\n  still ü\n", "plain more\n\nstill ü"),
        ("k: 'it''s ü'\n", "it's ü"),
        ("k: 'a \n\n  b ''c'\n", "a\nb 'c"),
        ("k: \"a\\n\\x41\\u00fc\\U0001F600\\ud83d\\ude00\\/\\\"\"\n", "a\nAü😀😀/\""),
        ("k: \"a \\\n   b\\ \n  c\n\n  d\"\n", "a b  c\nd"),
        ("k: \"a\\\n\n  b\"\n", "a\nb"),
        ("k: |\n  eins\n    zwei\n\n  drei ü\n\nx: y\n", "eins\n  zwei\n\ndrei ü\n"),
        ("k: |2-\n    a\n   b\n", "  a\n b"),
        ("k: |+\n  a\n\n\n", "a\n\n\n"),
        ("k: |+\n\n\n", "\n\n"),
        ("k: |\n\n  a\n", "\na\n"),
        ("k: |\n  a", "a"),
        ("k: |-\n  a\n   \n  b", "a\n \nb"),
        ("k: >\n  a\n  b\n\n  c\n   d\n   e\n\n  f\n  g\n", "a b\nc\n d\n e\n\nf g\n"),
        ("k: >-\n\n  a\n\n\n  b\n", "\na\n\nb"),
        ("k: >+\n  a\n\n", "a\n\n"),
        ("k: |\r\n  a\r\n  b\r\n", "a\nb\n"),
        ("k: >\r\n  a\r\n  b\r\n", "a b\n"),
        ("k: 'a\r\n\r\n  b'\r\n", "a\nb"),
        ("k: \"\\e\\_\\N\\0\"\n", "\u{1b}\u{a0}\u{85}\0"),
        ("k: ''\n", ""),
        ("k:\n", ""),
    ] {
        let (_, value) = value(text);
        assert_eq!(value, expected, "{text:?}");
    }
}

#[test]
fn words_are_found_through_folding_and_escapes() {
    let tree = tree("k: >\n  one\n  two three\n  four\nq: \"x\\n\\tsecret\\\n   s\"\n");
    let root = tree.documents().next().unwrap().root().unwrap();
    let find = |key: &str, word: &str| {
        let derived = root.get(key).unwrap().derived().unwrap();
        let at = derived.text().unwrap().find(word).unwrap();
        let span = derived.resolve(Span::of(at..at + word.len()));
        tree.source().slice(span).to_owned()
    };
    assert_eq!(find("k", "two"), "two");
    assert_eq!(find("k", "one two"), "one\n  two");
    assert_eq!(find("q", "secrets"), "secret\\\n   s");
    assert_eq!(find("q", "\tsecret"), "\\tsecret");
}

#[test]
fn base64_in_a_block_scalar_leads_back() {
    let tree = tree("k: |\n  aGVsbG8g\n  d29ybGQ=\n");
    let node = tree.documents().next().unwrap().root().unwrap().get("k").unwrap();
    let inner = careen_text::decode_base64(&node.derived().unwrap()).unwrap();
    assert_eq!(inner.text(), Some("hello world"));
    assert_eq!(tree.source().slice(inner.resolve(Span::new(6, 9))), "d29y");
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn double_quotes(text in "([a-zü \n]|\r\n|\\\\n|\\\\\n|\\\\x41|\\\\\"|\t){0,30}") {
        exact(&format!("k: \"{}\"\n", text.replace('\n', "\n  ")), Style::DoubleQuoted)?;
    }

    #[test]
    fn single_quotes(text in "([a-zü \n\t]|''|\r\n){0,30}") {
        exact(&format!("k: '{}'\n", text.replace('\n', "\n  ")), Style::SingleQuoted)?;
    }

    #[test]
    fn plain(text in "[a-z]([a-zü \n]|\r\n){0,30}") {
        exact(&format!("k: {}\n", text.replace('\n', "\n  ")), Style::Plain)?;
    }

    #[test]
    fn blocks(
        head in "[|>](2[+-]?|[+-]2?)?( # c)?",
        text in "([a-zü \n\t#:]|\r\n| \n){0,30}",
        last in "\n?",
    ) {
        let style = if head.starts_with('|') { Style::Literal } else { Style::Folded };
        exact(&format!("k: {head}\n  {}{last}", text.replace('\n', "\n  ")), style)?;
    }
}

/// Where the text is valid, the second reading agrees with the parser.
fn exact(text: &str, style: Style) -> Result<(), TestCaseError> {
    let tree = tree(text);
    let root = tree.documents().next().and_then(|document| document.root());
    let Some(node) = root.and_then(|root| root.get("k")) else { return Ok(()) };
    if tree.problems().is_empty() && node.style() == style {
        prop_assert!(check(node), "{:?} is mapped as a whole", text);
    }
    Ok(())
}

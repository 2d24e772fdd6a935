//! Input made to hurt.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_text::Source;
use careen_yaml::{Kind, Limits, ProblemKind, Tree, de, parse};
use proptest::prelude::*;

fn tree(text: impl Into<String>) -> Tree {
    parse(&Source::new("test.yaml", text), &Limits::default())
}

#[test]
fn deep_nesting_is_cut() {
    let block: String =
        (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<Vec<_>>().concat();
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(50_000),
        "- ".repeat(20_000),
        "? ".repeat(200_000),
        block,
        format!("{}{}", "- [".repeat(200), "[".repeat(200)),
    ] {
        let tree = tree(text + "\n---\nok: 1\n");
        let problem = &tree.problems()[0];
        assert!(matches!(problem.kind, ProblemKind::Limit | ProblemKind::Syntax));
        let documents: Vec<_> = tree.documents().collect();
        assert!(!documents[0].is_complete());
        let last = documents.last().unwrap();
        assert_eq!(last.root().unwrap().get("ok").unwrap().as_i64(), Some(1));
        if let Some(root) = documents[0].root() {
            assert!(root.walk().count() < 2000);
        }
    }
}

#[test]
fn a_billion_laughs_are_a_few_nodes() {
    let mut text = "a0: &a0 [lol]\n".to_owned();
    for level in 1..40 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    let tree = tree(text);
    assert!(tree.problems().is_empty());
    let root = tree.documents().next().unwrap().root().unwrap();
    let limits = Limits::default();
    let mut walk = root.walk();
    assert!(walk.by_ref().count() <= limits.max_alias_expansion + tree.len());
    assert!(walk.is_cut());
    let typed = de::from_node::<serde_json::Value>(root);
    assert!(typed.value.is_none());
    assert!(typed.errors[0].1.contains("aliases"));
}

#[test]
fn cycles_end() {
    let tree = tree("a: &a [*a]\nb: &b {x: *b, <<: *b}\n");
    let root = tree.documents().next().unwrap().root().unwrap();
    assert!(root.walk().count() < 1000);
    let item = root.get("a").unwrap().items().next().unwrap();
    assert_eq!((item.kind(), item.is_alias()), (Kind::Sequence, true));
    assert!(!de::from_node::<serde_json::Value>(root).errors.is_empty());
}

#[test]
fn long_merge_chains_are_cut_not_followed() {
    let mut text = "m0: &m0 {k: 0}\n".to_owned();
    for level in 1..3000 {
        let before = level - 1;
        text.push_str(&format!(
            "m{level}: &m{level} {{<<: [*m{before}, *m{before}], x{level}: 1}}\n"
        ));
    }
    let tree = tree(text);
    let root = tree.documents().next().unwrap().root().unwrap();
    assert!(root.at(&["m50", "k"]).is_some());
    assert!(root.at(&["m2999", "k"]).is_none());
    assert!(root.at(&["m2999", "x2998"]).is_some());
    assert!(root.get("m2999").unwrap().entries().count() < 300);
}

#[test]
fn many_comments_keys_documents_and_aliases() {
    let comments = format!("a:\n{}  b: c\n", "# c\n".repeat(200_000));
    let parsed = tree(comments);
    assert!(parsed.problems().is_empty());
    assert_eq!(parsed.comments().len(), 200_000);
    let sequence = format!("a:\n{}- b\n", "# c\n".repeat(50_000));
    let parsed = tree(sequence);
    assert_eq!(
        parsed.documents().next().unwrap().root().unwrap().get("a").unwrap().items().count(),
        1
    );

    let keys: String = (0..300_000).map(|index| format!("k{index}: {index}\n")).collect();
    let parsed = tree(keys);
    assert!(parsed.problems().is_empty());
    let root = parsed.documents().next().unwrap().root().unwrap();
    assert_eq!(root.get("k299999").unwrap().as_i64(), Some(299_999));
    assert_eq!(root.entries().count(), 300_000);

    let same = tree("same: 1\n".repeat(100_000));
    assert_eq!(same.problems().len(), 1000);
    assert_eq!(same.documents().next().unwrap().root().unwrap().entries().count(), 1);

    assert_eq!(tree("---\na: b\n".repeat(50_000)).documents().count(), 50_000);
    let broken = tree("---\na: b: c\n".repeat(50_000));
    assert_eq!(broken.documents().count(), 50_000);
    assert_eq!(broken.problems().len(), 1000);
    let aliases = tree(format!("- &a x\n{}", "- *a\n".repeat(100_000)));
    let root = aliases.documents().next().unwrap().root().unwrap();
    assert_eq!(root.items().filter(|item| item.text() == Some("x")).count(), 100_001);
}

#[test]
fn node_limit_keeps_what_fits() {
    for max_nodes in 0..12 {
        let limits = Limits { max_nodes, ..Limits::default() };
        let source = Source::new("x", "a: 1\nb: [x, y]\nc:\n  d: e\n---\nf: g\n");
        let tree = parse(&source, &limits);
        assert!(tree.len() <= max_nodes);
        let document = tree.documents().last().unwrap();
        assert!(!document.is_complete());
        assert_eq!(tree.problems().len(), 1);
        assert_eq!(tree.problems()[0].kind, ProblemKind::Limit);
        for document in tree.documents() {
            if let Some(root) = document.root() {
                root.walk().for_each(drop);
            }
        }
    }
}

#[test]
fn control_characters_are_problems() {
    for text in ["a: \0\n", "a: b\u{7}\n", "\0", "a: \"\0\"\n", "a: |\n  \0\n"] {
        assert!(!tree(text).problems().is_empty(), "{text:?}");
    }
}

#[test]
fn long_scalars() {
    let escapes = tree(format!("a: \"{}\"\n", "\\n\\\"x".repeat(200_000)));
    let node = escapes.documents().next().unwrap().root().unwrap().get("a").unwrap();
    assert_eq!(node.derived().unwrap().bytes.len(), 600_000);
    let blank = tree(format!("a: |\n  x\n{}b: c\n", "\n".repeat(300_000)));
    let node = blank.documents().next().unwrap().root().unwrap().get("a").unwrap();
    assert_eq!(node.text(), Some("x\n"));
    assert_eq!(node.derived().unwrap().bytes, b"x\n");
    let kept = tree(format!("a: >+\n{}  x\n{}", "\n".repeat(100_000), "\n".repeat(100_000)));
    let node = kept.documents().next().unwrap().root().unwrap().get("a").unwrap();
    assert_eq!(node.derived().unwrap().bytes.len(), 200_002);
}

fn invariants(text: &str) -> Result<(), TestCaseError> {
    let tree = tree(text);
    let fits = |span: careen_text::Span| text.get(span.range()).is_some();
    for comment in tree.comments() {
        prop_assert!(fits(comment.span) && fits(comment.text));
        prop_assert!(text[comment.span.range()].starts_with('#'));
    }
    prop_assert!(tree.comments().is_sorted_by(|a, b| a.span.end <= b.span.start));
    for problem in tree.problems() {
        prop_assert!(fits(problem.span));
        prop_assert!(problem.document < tree.documents().count());
    }
    let mut end = 0;
    for document in tree.documents() {
        prop_assert_eq!(document.span().start, end);
        prop_assert!(fits(document.span()));
        end = document.span().end;
        let Some(root) = document.root() else { continue };
        for visit in root.walk() {
            let node = visit.node;
            prop_assert!(fits(node.span()), "{:?}", node);
            prop_assert!(document.span().encloses(node.span()));
            let _ = (node.scalar(), node.tag(), node.get("a"), node.at(&["a", "b"]));
            let mut before = node.definition_span().start;
            let children: Vec<_> = if node.kind() == Kind::Sequence {
                node.items().collect()
            } else if text.contains("<<") {
                Vec::new()
            } else {
                node.entries().flat_map(|entry| [entry.key, entry.value]).collect()
            };
            for child in children {
                prop_assert!(
                    node.definition_span().encloses(child.span()),
                    "{:?} {:?}",
                    node,
                    child
                );
                prop_assert!(child.span().start >= before, "{:?} {:?}", node, child);
                before = child.span().end;
            }
            if let Some(derived) = node.derived() {
                prop_assert_eq!(derived.text(), node.text());
                let length = u32::try_from(derived.bytes.len()).unwrap();
                for at in 0..length {
                    let back = derived.resolve(careen_text::Span::new(at, at + 1));
                    prop_assert!(node.definition_span().encloses(back));
                }
            }
        }
        let _ = de::from_node::<serde_json::Value>(root);
    }
    if end > 0 {
        prop_assert_eq!(end as usize, text.len());
    }
    Ok(())
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn anything(text in "\\PC{0,80}") {
        invariants(&text)?;
    }

    #[test]
    fn yaml_like(
        text in "(a: |b:\n|- |-\n|  |\n|\r\n|\\? |: |:\n|\\{|\\}|\\[|\\]|, |\"|'|\\||>|&a |\\*a|!t |<<: |#c\n| #c\n|---\n|\\.\\.\\.\n|%|\\\\|ü|\u{feff}|x|\t|~){0,40}"
    ) {
        invariants(&text)?;
    }
}

//! The tree: spans, look-up, documents, problems.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use std::sync::Arc;

use careen_text::Source;
use careen_yaml::{Document, Kind, Limits, Node, ProblemKind, Scalar, Style, Tree, parse};

fn tree(text: &str) -> Tree {
    parse(&Source::new("test.yaml", text), &Limits::default())
}

fn root(tree: &Tree) -> Node<'_> {
    tree.documents().next().unwrap().root().unwrap()
}

fn written<'t>(node: Node<'t>) -> &'t str {
    node.source().slice(node.span())
}

fn sync<T: Send + Sync>(_: &T) {}

#[test]
fn spans_of_every_style() {
    let tree = tree(
        "\u{feff}plain: schön text # c\nsingle: 'it''s'\ndouble: \"a\\n\"\nliteral: |-\n  eins\n  zwei  \n\n\nfolded: > # why\n  a\n  b\nlist:\n- x\n- y: z\nindented:\n  - 1\n  - 2 \nflow: { a: [1, 2], b: }\nmissing:\nlast: ~\n",
    );
    sync(&tree);
    let root = root(&tree);
    let at = |key: &str| written(root.get(key).unwrap());
    assert_eq!(at("plain"), "schön text");
    assert_eq!(at("single"), "'it''s'");
    assert_eq!(at("double"), "\"a\\n\"");
    assert_eq!(at("literal"), "|-\n  eins\n  zwei  ");
    assert_eq!(at("folded"), "> # why\n  a\n  b");
    assert_eq!(at("list"), "- x\n- y: z");
    assert_eq!(at("indented"), "- 1\n  - 2");
    assert_eq!(at("flow"), "{ a: [1, 2], b: }");
    assert_eq!(at("missing"), "");
    assert!(
        tree.source().text()[..root.get("missing").unwrap().span().start as usize]
            .ends_with("missing:")
    );
    let inner = root.at(&["flow", "b"]).unwrap();
    assert!(inner.is_missing() && inner.is_null());
    assert!(tree.source().text()[..inner.span().start as usize].ends_with("b:"));
    assert_eq!(written(root.at(&["flow", "a"]).unwrap()), "[1, 2]");
    assert_eq!(root.span().start, 3);
    assert!(written(root).ends_with("last: ~"));
    assert_eq!(root.get("literal").unwrap().style(), Style::Literal);
    assert_eq!(root.get("literal").unwrap().text(), Some("eins\nzwei  "));
    assert_eq!(tree.comments().len(), 2);
    assert!(tree.problems().is_empty());
}

#[test]
fn sequences_start_at_their_first_dash() {
    let tree = tree(
        "a:\n# - no\n- - x\n  - y\n- - z\nb: &anchor !tag # - no\n- 1\n? - k\n: - v\nc:\n  -\n    - deep\n",
    );
    let root = root(&tree);
    assert_eq!(written(root.get("a").unwrap()), "- - x\n  - y\n- - z");
    let nested: Vec<_> = root.get("a").unwrap().items().map(written).collect();
    assert_eq!(nested, ["- x\n  - y", "- z"]);
    assert_eq!(written(root.get("b").unwrap()), "- 1");
    assert_eq!(root.get("b").unwrap().tag(), Some("!tag"));
    let complex = root.entries().find(|entry| entry.name().is_none()).unwrap();
    assert_eq!((written(complex.key), written(complex.value)), ("- k", "- v"));
    assert_eq!(written(root.get("c").unwrap()), "-\n    - deep");
}

#[test]
fn crlf_and_tabs() {
    let tree = tree("a: |\r\n  x\r\n  y\r\n\r\nb:\tc\t# d\r\nc:\r\n- 1\r\nd: e\r\n  f\r\n");
    let root = root(&tree);
    assert_eq!(written(root.get("a").unwrap()), "|\r\n  x\r\n  y");
    assert_eq!(root.get("a").unwrap().text(), Some("x\ny\n"));
    assert_eq!(written(root.get("b").unwrap()), "c");
    assert_eq!(written(root.get("c").unwrap()), "- 1");
    assert_eq!(root.get("d").unwrap().text(), Some("e f"));
    assert_eq!(tree.source().slice(tree.comments()[0].span), "# d");
    assert_eq!(tree.source().slice(tree.comments()[0].text), " d");
    assert!(!tree.comments()[0].own_line);
}

#[test]
fn empty_block_scalars_are_their_head() {
    let tree = tree("a: |+\n\n\nb: >2-\nc: |");
    let root = root(&tree);
    assert_eq!(written(root.get("a").unwrap()), "|+");
    assert_eq!(written(root.get("b").unwrap()), ">2-");
    assert_eq!(written(root.get("c").unwrap()), "|");
}

#[test]
fn aliases_show_where_they_stand() {
    let tree = tree("base: &b\n  x: 1\nuse: *b\nlist: [*b, *nope]\n");
    let root = root(&tree);
    let alias = root.get("use").unwrap();
    assert_eq!(written(alias), "*b");
    assert!(alias.is_alias());
    assert_eq!(alias.kind(), Kind::Mapping);
    assert_eq!(tree.source().slice(alias.definition_span()), "x: 1");
    assert_eq!(written(alias.get("x").unwrap()), "1");
    assert_eq!(alias.id(), root.get("base").unwrap().id());
    assert_ne!(alias, root.get("base").unwrap());
    let unknown = root.get("list").unwrap().items().nth(1).unwrap();
    assert!(unknown.is_unresolved());
    assert_eq!((unknown.text(), unknown.scalar(), unknown.is_null()), (None, None, false));
    let problem = &tree.problems()[0];
    assert_eq!(problem.kind, ProblemKind::UnknownAlias);
    assert_eq!(tree.source().slice(problem.span), "*nope");
}

#[test]
fn merge_keys_apply_in_order() {
    let tree = tree(
        "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n  w: 3\nd: {\"<<\": *a}\n",
    );
    let root = root(&tree);
    let names = |node: Node<'_>| -> Vec<String> {
        node.entries()
            .map(|entry| format!("{}={}", entry.name().unwrap(), entry.value.text().unwrap()))
            .collect()
    };
    assert_eq!(names(root.get("b").unwrap()), ["y=2", "z=2", "x=1"]);
    assert_eq!(names(root.get("c").unwrap()), ["z=3", "w=3", "x=1", "y=1"]);
    assert_eq!(root.at(&["c", "x"]).unwrap().as_i64(), Some(1));
    assert_eq!(root.at(&["c", "z"]).unwrap().as_i64(), Some(3));
    assert!(root.at(&["c", "<<"]).is_none());
    assert!(root.at(&["d", "<<"]).is_some());
}

#[test]
fn merge_cycles_end() {
    let tree = tree("a: &a\n  <<: *a\n  x: 1\nb: &b\n  <<: [*a, *b, *b]\n");
    let root = root(&tree);
    assert_eq!(root.get("a").unwrap().entries().count(), 1);
    assert_eq!(root.get("b").unwrap().entries().count(), 1);
    assert!(root.at(&["b", "y"]).is_none());
}

#[test]
fn the_last_duplicate_wins() {
    let tree = tree("a: 1\nb: 2\n\"a\": 3\na: 4\n");
    let root = root(&tree);
    assert_eq!(root.get("a").unwrap().as_i64(), Some(4));
    let names: Vec<_> = root.entries().map(|entry| entry.name().unwrap()).collect();
    assert_eq!(names, ["b", "a"]);
    let spans: Vec<_> = tree.problems().iter().map(|problem| problem.span.start).collect();
    assert_eq!(spans, [10, 17]);
    assert!(tree.problems().iter().all(|problem| problem.kind == ProblemKind::DuplicateKey));
}

#[test]
fn large_mappings_are_looked_up_too() {
    let mut text = String::new();
    for index in 0..100 {
        text.push_str(&format!("key{index}: {index}\n"));
    }
    text.push_str("key7: again\n<<: {merged: 1, key9: no}\n");
    let tree = tree(&text);
    let root = root(&tree);
    assert_eq!(root.get("key99").unwrap().as_i64(), Some(99));
    assert_eq!(root.get("key7").unwrap().text(), Some("again"));
    assert_eq!(root.get("key9").unwrap().as_i64(), Some(9));
    assert_eq!(root.get("merged").unwrap().as_i64(), Some(1));
    assert!(root.get("key100").is_none());
    assert_eq!(root.entries().count(), 101);
    assert_eq!(tree.problems().len(), 1);
}

#[test]
fn a_broken_document_loses_only_itself() {
    let text = "a: 1\n---\nb: 2\nc: d: e\nlost: 1\n---\nx: [1,\n---\n\"open\n---\ny: z\n";
    let tree = tree(text);
    let documents: Vec<_> = tree.documents().collect();
    let complete: Vec<_> = documents.iter().map(Document::is_complete).collect();
    assert_eq!(complete, [true, false, false, false, true]);
    assert_eq!(documents[1].root().unwrap().get("b").unwrap().as_i64(), Some(2));
    assert_eq!(documents[2].root().unwrap().get("x").unwrap().items().count(), 1);
    assert_eq!(documents[4].root().unwrap().get("y").unwrap().text(), Some("z"));
    let problems: Vec<_> = tree.problems().iter().map(|problem| problem.document).collect();
    assert_eq!(problems, [1, 2, 3]);
    assert!(tree.problems().iter().all(|problem| problem.kind == ProblemKind::Syntax));
    let mut end = 0;
    for document in &documents {
        assert_eq!(document.span().start, end);
        end = document.span().end;
    }
    assert_eq!(end as usize, text.len());
}

#[test]
fn broken_mappings_keep_the_key_that_has_no_value() {
    let tree = tree("a: 1\nb: @x\n");
    let document = tree.documents().next().unwrap();
    assert!(!document.is_complete());
    let root = document.root().unwrap();
    assert_eq!(root.get("a").unwrap().as_i64(), Some(1));
    assert!(root.get("b").is_none_or(|node| node.is_missing()));
}

#[test]
fn text_after_the_root_breaks_its_document() {
    let tree = tree("[a]\n}\n---\nb: c\n");
    let complete: Vec<_> = tree.documents().map(|document| document.is_complete()).collect();
    assert_eq!(complete, [false, true]);
    assert_eq!(tree.problems().len(), 1);
}

#[test]
fn empty_documents_have_no_root() {
    assert_eq!(tree("").documents().count(), 0);
    assert_eq!(tree("# only\n\n").documents().count(), 0);
    assert_eq!(tree("# only\n").comments().len(), 1);
    let tree = tree("---\n---\na: b\n--- # c\n...\n");
    let roots: Vec<_> = tree.documents().map(|document| document.root().is_some()).collect();
    assert_eq!(roots, [false, true, false]);
    assert!(tree.problems().is_empty());
    assert_eq!(tree.documents().nth(2).unwrap().comments().len(), 1);
}

#[test]
fn scalars_are_typed_through_nodes() {
    let tree =
        tree("a: on\nb: \"on\"\nc: 0644\nd: 2024-01-01\ne: !!str 12\nf: 1.5\ng: ''\nh: null\n");
    let root = root(&tree);
    let at = |key: &str| root.get(key).unwrap();
    assert_eq!(at("a").as_bool(), Some(true));
    assert_eq!(at("b").as_str(), Some("on"));
    assert_eq!(at("c").as_i64(), Some(420));
    assert_eq!(at("d").as_str(), Some("2024-01-01"));
    assert_eq!(at("e").as_str(), Some("12"));
    assert_eq!(at("e").tag(), Some("!!str"));
    assert_eq!(at("f").as_f64(), Some(1.5));
    assert_eq!(at("g").scalar(), Some(Scalar::Str("")));
    assert!(at("h").is_null() && !at("h").is_missing());
    assert!(root.scalar().is_none() && root.text().is_none());
    assert_eq!(at("a").parent().map(|parent| parent.id()), Some(root.id()));
}

#[test]
fn json_is_read_as_it_is() {
    let tree = tree("{\"a\": [1, true, null, \"x\\u00fc\\ud83d\\ude00\"], \"b\": {}}\n");
    let root = root(&tree);
    let items: Vec<_> = root.get("a").unwrap().items().map(|item| item.scalar().unwrap()).collect();
    assert_eq!(items, [Scalar::Int(1), Scalar::Bool(true), Scalar::Null, Scalar::Str("xü😀")]);
    assert_eq!(written(root.get("b").unwrap()), "{}");
    assert_eq!(root.style(), Style::Flow);
}

#[test]
fn nothing_verbatim_is_copied() {
    let tree = tree("a: 'x'\nb: \"y\"\nc: z\nd: [1, 2]\n");
    let nodes = tree.len();
    assert!(tree.heap_bytes() <= nodes * 48 + 512, "{}", tree.heap_bytes());
    let empty = Arc::new(tree);
    assert!(!empty.is_empty());
}

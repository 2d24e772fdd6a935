//! `careen audit bind`.

use std::fs;

use crate::harness::{folder, root, run};

const LIST: &[u8] =
    b"\xef\xbb\xbf# Release\r\n\r\n- [ ] Load tested  \r\n- [ ] TLS certificates valid \
<!-- careen: tls-valid -->\r\n- [ ] Order cake\r\n\r\n```\r\n1. [ ] Deploy to canary\r\n```\r\n";

#[test]
fn proposals_are_printed_and_nothing_is_written() {
    let folder = folder(&[("list.md", LIST)]);
    let run = run(folder.path(), &["audit", "bind", "list.md"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("3: Load tested\n    0."), "{}", run.stdout);
    assert!(run.stdout.contains("  load-tested\n"), "{}", run.stdout);
    assert!(run.stdout.contains("5: Order cake\n    no proposal\n"), "{}", run.stdout);
    assert!(run.stdout.contains("8: Deploy to canary\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("TLS"), "{}", run.stdout);
    assert!(run.stdout.ends_with("4 items, 1 bound already; of the others 2 have a proposal of 0.5 or more, 0 a weaker one, 1 none\n"), "{}", run.stdout);
    assert_eq!(fs::read(folder.path().join("list.md")).unwrap(), LIST);
}

#[test]
fn what_is_sure_is_written_behind_the_line_and_once() {
    let folder = folder(&[("list.md", LIST)]);
    let path = folder.path().join("list.md");
    let first = run(folder.path(), &["audit", "bind", "list.md", "--write"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stderr.contains("2 bindings written; they are guesses"), "{}", first.stderr);
    let expected = String::from_utf8(LIST.to_vec())
        .unwrap()
        .replace("Load tested  \r", "Load tested <!-- careen: load-tested -->  \r")
        .replace("to canary\r", "to canary <!-- careen: canary-strategy -->\r");
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);

    let again = run(folder.path(), &["audit", "bind", "list.md", "--write"]);
    assert!(again.stderr.contains("0 bindings written"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn only_what_is_as_sure_as_asked_is_written() {
    let folder = folder(&[("list.md", LIST)]);
    let run = run(folder.path(), &["audit", "bind", "list.md", "--write", "--at-least", "1"]);
    assert!(run.stderr.contains("0 bindings written"), "{}", run.stderr);
    assert_eq!(fs::read(folder.path().join("list.md")).unwrap(), LIST);
}

#[test]
fn a_sidecar_binds_too() {
    let sidecar =
        b"bindings:\n- {item: Load tested, careen: load-tested}\n- {item: Cake, careen: x}\n";
    let folder = folder(&[("list.md", LIST), ("list.careen.yaml", sidecar)]);
    let run = run(folder.path(), &["audit", "bind", "list.md"]);
    assert!(!run.stdout.contains("Load tested"), "{}", run.stdout);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("list.careen.yaml:3:3: no item says `Cake`"), "{}", run.stderr);
}

#[test]
fn the_lists_in_the_repository_are_bound_already() {
    for list in [
        "fixtures/checklists/deployment.md",
        "fixtures/checklists/platform.md",
        "policies/checklists/production.md",
    ] {
        let run = run(&root(), &["audit", "bind", list]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{list}");
        assert_eq!(run.stdout.lines().count(), 1, "{list}: {}", run.stdout);
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = folder(&[("list.md", b"- [ ] a\n"), ("latin.md", b"- [ ] gr\xfc\xdfe\n")]);
    for (arguments, part) in [
        (["list.md", "--at-least", "2"], "is no confidence"),
        (["none.md", "--at-least", "0"], "cannot read none.md"),
        (["latin.md", "--at-least", "0"], "is not UTF-8"),
    ] {
        let run = run(folder.path(), &[&["audit", "bind"], &arguments[..]].concat());
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

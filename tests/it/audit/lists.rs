//! `careen audit` over whole checklists: nothing passes for nothing, the answers are the same each time, and
//! what is written back stays.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::rig::{JUNIT, Judged, Rig};
use crate::harness::{AT, Run, careen, copy_folder, folder, root, run};

const SEEDS: [(&str, usize); 2] = [("deployment", 70), ("platform", 104)];
const FORMATS: [&str; 8] = ["text", "markdown", "html", "json", "junit", "sarif", "oscal", "vsa"];

/// A copy of a fixture repository with a seed list and its bindings in it.
fn with_list(repository: &str, list: &str) -> TempDir {
    let work = TempDir::new().unwrap();
    if !repository.is_empty() {
        copy_folder(&root().join("fixtures/repos").join(repository), work.path());
    }
    for end in ["md", "careen.yaml"] {
        let from = root().join(format!("fixtures/checklists/{list}.{end}"));
        fs::copy(from, work.path().join(format!("{list}.{end}"))).unwrap();
    }
    work
}

fn audit(work: &Path, list: &str, more: &[&str]) -> Run {
    run(work, &[&["audit", ".", "--checklist", list, "--at", AT], more].concat())
}

#[test]
fn nothing_passes_in_an_empty_repository_and_every_line_says_why() {
    for (list, lines) in SEEDS {
        let work = with_list("", list);
        fs::create_dir(work.path().join("empty")).unwrap();
        let list = format!("{list}.md");
        let words = ["audit", "empty", "--checklist", &list, "--format", "json", "--at", AT];
        let judged = Judged::of(&run(work.path(), &words));
        assert_eq!(judged.code, 1);
        assert_eq!(judged.list("items").len(), lines, "{list}");
        for item in judged.list("items") {
            let status = item["status"].as_str().unwrap();
            assert!(matches!(status, "manual" | "not-run" | "fail"), "{item}");
            assert!(!item["reason"].as_str().unwrap().is_empty(), "{item}");
            let bound = !item["controls"].as_array().unwrap().is_empty();
            assert!(bound || status == "manual", "{item}");
        }
    }
}

#[test]
fn every_line_of_a_repository_has_an_answer() {
    for (list, lines) in SEEDS {
        let work = with_list("harbor", list);
        let judged = Judged::of(&audit(work.path(), &format!("{list}.md"), &["--format", "json"]));
        assert_eq!(judged.list("items").len(), lines);
        for item in judged.list("items") {
            assert!(!item["reason"].as_str().unwrap().is_empty(), "{item}");
        }
        assert_eq!(judged.audit["verdict"]["outcome"], "no-go");
    }
}

#[test]
fn the_same_is_said_each_time() {
    let work = with_list("harbor", "platform");
    for format in FORMATS {
        let on = |threads: &str| {
            let words =
                ["audit", ".", "--checklist", "platform.md", "--at", AT, "--format", format];
            let output = careen(work.path()).args(words).env("RAYON_NUM_THREADS", threads).output();
            output.unwrap().stdout
        };
        let one = on("1");
        assert!(!one.is_empty());
        assert_eq!(one, on("4"), "{format}");
    }
}

/// A list as nobody answered it: without evidence, all boxes empty.
fn unanswered(text: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        inside |= line.contains("<!-- careen:evidence -->");
        if !inside {
            kept.push_str(&line.replacen("[x]", "[ ]", 1));
        }
        inside &= !line.contains("<!-- /careen:evidence -->");
    }
    kept
}

/// Writes twice; gives what the file holds then.
fn written_twice(work: &Path, list: &str) -> String {
    let path = work.join(list);
    let before = fs::read_to_string(&path).unwrap();
    let stale = audit(work, list, &["--check"]);
    let first = audit(work, list, &["--write"]);
    assert!(matches!(first.code, 0 | 1), "{}", first.stderr);
    let after = fs::read_to_string(&path).unwrap();
    assert_eq!(
        stale.stderr.contains("is stale: write it again"),
        before != after,
        "{}",
        stale.stderr
    );
    let second = audit(work, list, &["--write"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    assert_eq!(first.code, second.code);
    let fresh = audit(work, list, &["--check"]);
    assert_eq!(fresh.code, second.code);
    assert!(!fresh.stderr.contains("stale"), "{}", fresh.stderr);
    assert_eq!(unanswered(&after), unanswered(&before));
    after
}

#[test]
fn seeds_are_written_once() {
    for (list, _) in SEEDS {
        for repository in ["harbor", "lighthouse"] {
            let work = with_list(repository, list);
            written_twice(work.path(), &format!("{list}.md"));
        }
    }
}

#[test]
fn answers_are_written_below_their_lines_and_nowhere_else() {
    const DEMAND: &str = "<!-- careen: evidence junit tests>=1 failures=0 -->";
    let list = format!(
        "\u{feff}---\ntitle: x\n---\n# Release [x] list\r\n\r\nProse - [ ] is not an item.  \n\n\
         * [ ] Outer {DEMAND}\n  1. [ ] Inner {DEMAND}\n     - [x] Innermost {DEMAND}\n\n       More words.\n\n\
         | a | b |\n|---|---|\n| - [ ] | [x] |\n\n\
         ```sh\n- [ ] in code {DEMAND}\necho hi\n```\n\n> - [ ] quoted {DEMAND}\n\n\
         - [x] Never <!-- careen: load-tested -->\n- [x] By hand\n\n    indented = code\n\nThe end"
    );
    let rig = Rig::of("");
    rig.write("list.md", &list);
    let tree = rig.tree();
    rig.write(".careen/evidence/junit.xml", JUNIT);
    rig.write(
        ".careen/evidence.yaml",
        &format!("evidence:\n- file: .careen/evidence/junit.xml\n  tree: {tree}\n"),
    );
    assert_eq!(rig.audit(&["--check"]).code, 1);
    let called = rig.judged();
    let before: Vec<_> =
        called.list("controls").iter().map(|it| it["id"].as_str().unwrap()).collect();
    let after = written_twice(&rig.work(), "list.md");
    for words in [
        "* [x] Outer",
        "1. [x] Inner",
        "- [x] Innermost",
        "> - [x] quoted",
        "- [ ] Never",
        "- [x] By hand",
    ] {
        assert!(after.contains(words), "{words}: {after}");
    }
    let called = rig.judged();
    let ids: Vec<_> = called.list("controls").iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, before, "lines are called the same");
    // Answers are no content.
    assert_eq!(rig.tree(), tree);
    assert!(after.contains("`.careen/evidence/junit.xml`"), "{after}");

    // What is proven no more is taken away.
    fs::remove_file(rig.work().join(".careen/evidence/junit.xml")).unwrap();
    let bare = written_twice(&rig.work(), "list.md");
    assert!(!bare.contains("careen:evidence"), "{bare}");
    assert!(bare.contains("* [ ] Outer"), "{bare}");
}

#[test]
fn check_ends_with_what_is_stale() {
    let rig = Rig::of("- [ ] T <!-- careen: evidence junit failures=0 -->");
    let tree = rig.tree();
    rig.write(".careen/evidence/junit.xml", JUNIT);
    rig.write(
        ".careen/evidence.yaml",
        &format!("evidence:\n- file: .careen/evidence/junit.xml\n  tree: {tree}\n"),
    );
    assert_eq!(rig.audit(&[]).code, 0);
    let stale = rig.audit(&["--check"]);
    assert_eq!(stale.code, 1);
    assert!(
        stale.stderr.contains("list.md: is stale: write it again with `--write`"),
        "{}",
        stale.stderr
    );
    assert!(rig.read("list.md").contains("- [ ] T"));
    assert_eq!(rig.audit(&["--write"]).code, 0);
    assert_eq!(rig.audit(&["--check"]).code, 0);
    let run = rig.run(&["audit", "--check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("give yours with `--checklist FILE`"), "{}", run.stderr);
}

#[test]
fn what_turned_is_told() {
    let work = with_list("harbor", "deployment");
    let json = ["--format", "json"];
    let compare = [&json[..], &["--compare", "../old.json"]].concat();
    let inner = work.path().join("in");
    fs::create_dir(&inner).unwrap();
    for entry in fs::read_dir(work.path()).unwrap() {
        let path = entry.unwrap().path();
        if path != inner {
            fs::rename(&path, inner.join(path.file_name().unwrap())).unwrap();
        }
    }
    let old = audit(&inner, "deployment.md", &json);
    let place = work.path().join("old.json");
    fs::write(&place, &old.stdout).unwrap();
    let turned = || {
        let judged = Judged::of(&audit(&inner, "deployment.md", &compare));
        judged.audit["comparison"]["turned"].as_array().cloned().unwrap_or_default()
    };
    assert_eq!(turned(), [] as [Value; 0]);

    let mut edited = old.json();
    let controls = edited["controls"].as_array_mut().unwrap();
    let failed = controls.iter_mut().find(|it| it["status"] == "fail").unwrap();
    failed["status"] = "pass".into();
    let id = failed["id"].clone();
    let gone = controls.iter().position(|it| it["status"] == "not-run").unwrap();
    let new = controls.remove(gone)["id"].clone();
    controls.push(serde_json::json!({"id": "long-gone", "status": "pass"}));
    fs::write(&place, edited.to_string()).unwrap();
    let turned: Vec<_> = turned()
        .iter()
        .map(|it| (it["what"].clone(), it["from"].clone(), it["to"].clone()))
        .collect();
    let expected = [
        (id, "pass".into(), "fail".into()),
        (new, Value::Null, "not-run".into()),
        ("long-gone".into(), "pass".into(), Value::Null),
    ];
    assert_eq!(turned.len(), 3, "{turned:?}");
    for each in expected {
        assert!(turned.contains(&each), "{each:?}: {turned:?}");
    }
    let text = audit(&inner, "deployment.md", &["--compare", "../old.json"]);
    assert!(text.stdout.contains("long-gone"), "{}", text.stdout);
    fs::write(&place, "{\"schema\": \"careen/1\"}").unwrap();
    let run = audit(&inner, "deployment.md", &["--compare", "../old.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is no audit of careen"), "{}", run.stderr);
}

#[test]
fn careens_own_list_names_every_control_once() {
    let empty = folder(&[("x", b"")]);
    let judged = Judged::of(&run(empty.path(), &["audit", "--format", "json", "--at", AT]));
    let known = run(empty.path(), &["audit", "controls", "--format", "json"]).json();
    let known = known["controls"].as_array().unwrap().len();
    assert_eq!(judged.list("controls").len(), known);
    assert_eq!(judged.code, 1);
}

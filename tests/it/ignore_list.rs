//! Items of `ignore` that suppress findings and say why.

use std::path::Path;

use serde_json::Value;

use crate::harness::{POD, Run, careen, check, folder, run};

/// Two objects in two folders.
fn world(config: &str) -> tempfile::TempDir {
    let other = POD.replace("name: api", "name: web\n  namespace: shop");
    folder(&[
        ("careen.yaml", config.as_bytes()),
        ("deploy/pod.yaml", POD.as_bytes()),
        ("legacy/pod.yaml", other.as_bytes()),
    ])
}

fn all(directory: &Path) -> Run {
    run(directory, &["check", "--format", "json", "--show-suppressed"])
}

/// Paths of findings that count.
fn counting(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let counting = findings.filter(|finding| finding["suppressed"].is_null());
    counting.map(|finding| finding["path"].as_str().unwrap().to_owned()).collect()
}

const SELECT: &str = "select: [memory-limit-missing]\n";

#[test]
fn items_suppress_where_they_say() {
    let both = ["deploy/pod.yaml", "legacy/pod.yaml"];
    for (item, left) in [
        ("{rule: memory-limit-missing, reason: r}", &[][..]),
        ("{rule: memory-limit-missing}", &[]),
        ("{rules: [kubernetes/resources, host-port], paths: ['legacy/**']}", &both[..1]),
        ("{rule: 'checkov:CKV_K8S_13', paths: legacy}", &both[..1]),
        ("{rule: memory-limit-missing, paths: [legacy, deploy/*.yaml]}", &[]),
        ("{rule: memory-limit-missing, objects: Pod/api}", &both[1..]),
        ("{rule: memory-limit-missing, objects: [Pod/shop/*]}", &both[..1]),
        ("{rule: memory-limit-missing, objects: ['*/*/*']}", &[]),
        ("{rule: memory-limit-missing, objects: Pod/shop/web, paths: deploy}", &both),
        ("{rule: memory-limit-missing, objects: Deployment/web}", &both),
        ("{rule: host-port}", &both),
    ] {
        let folder = world(&format!("{SELECT}ignore: [{item}]\n"));
        let run = all(folder.path());
        assert_eq!(counting(&run), left, "{item}");
        assert_eq!(run.json()["findings"].as_array().unwrap().len(), 2, "{item}");
        assert_eq!(run.code, i32::from(!left.is_empty()), "{item}");
    }
}

#[test]
fn reports_say_why_and_who() {
    let config = format!(
        "{SELECT}ignore:\n- {{rule: memory-limit-missing, reason: until the move, owner: payments}}\n"
    );
    let folder = world(&config);
    assert_eq!(
        all(folder.path()).json()["findings"][0]["suppressed"],
        serde_json::json!({
            "kind": "configuration", "reason": "until the move", "owner": "payments",
            "source": null,
        })
    );
    let text = run(folder.path(), &["check", "--show-suppressed"]).stdout;
    let words = "suppressed by the configuration: until the move (owner: payments)";
    assert!(text.contains(words), "{text}");
    let hidden = check(folder.path());
    assert_eq!((hidden.findings().len(), hidden.code), (0, 0));
    assert_eq!(hidden.json()["summary"]["suppressed"], 2);
}

#[test]
fn what_is_over_does_not_hold_and_is_told() {
    // The tests' clock stands at 2026-12-01.
    for (day, holds) in [("2026-12-01", true), ("2026-11-30", false), ("2026-09-02", false)] {
        let config = format!("{SELECT}ignore:\n- rule: memory-limit-missing\n  expires: {day}\n");
        let folder = world(&config);
        let run = check(folder.path());
        assert_eq!(run.findings().is_empty(), holds, "{day}");
        let notes = run.notes();
        let ago = if day == "2026-11-30" { "1 day ago" } else { "90 days ago" };
        match notes.as_slice() {
            [] => assert!(holds),
            [note] => {
                let words = format!(
                    "suppression careen.yaml: what it ignores of `memory-limit-missing` expired on \
                     {day}, {ago}: mend the findings or renew it"
                );
                assert_eq!(*note, words);
                assert_eq!(run.json()["notes"][0]["line"], 3);
            }
            _ => panic!("{notes:?}"),
        }
    }
}

#[test]
fn what_covers_nothing_is_told_if_all_was_looked_at() {
    let config = format!(
        "{SELECT}ignore:\n- {{rule: memory-limit-missing, paths: legacy}}\n\
         - {{rule: memory-limit-missing, paths: gone}}\n- {{rule: host-port}}\n"
    );
    let folder = world(&config);
    let root = folder.path();
    let notes = |arguments: &[&str]| {
        run(root, &[&["check", "--format", "json"], arguments].concat()).notes()
    };
    let unused = "suppression careen.yaml: what it ignores of `memory-limit-missing` is not found: \
                  take it out";
    assert_eq!(notes(&[]), [unused], "a rule that does not run says nothing");
    assert_eq!(notes(&["."]), [unused]);
    assert_eq!(notes(&["deploy"]), Vec::<String>::new());
    assert_eq!(notes(&["--select", "host-network"]), Vec::<String>::new());
    assert_eq!(check(root).json()["notes"][0]["line"], 4);
}

#[test]
fn strict_asks_for_reasons_everywhere() {
    let comment = POD.replace("- name: web", "- name: web # careen: ignore[memory-limit-missing]");
    let annotation = POD.replace(
        "  name: api",
        "  name: api\n  annotations:\n    careen.dev/ignore.memory-limit-missing: ''",
    );
    let folder = folder(&[
        ("careen.yaml", b""),
        ("a.yaml", comment.as_bytes()),
        ("b.yaml", annotation.as_bytes()),
        ("c/pod.yaml", POD.as_bytes()),
    ]);
    let check = |config: &str| {
        std::fs::write(folder.path().join("careen.yaml"), config).unwrap();
        let run = check(folder.path());
        let notes: Vec<String> = run.json()["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note: &Value| {
                format!("{}:{} {}", note["path"].as_str().unwrap(), note["line"], note["message"])
            })
            .collect();
        (run.findings().len(), notes)
    };
    let ignore =
        "select: [memory-limit-missing]\nignore:\n- {rule: memory-limit-missing, paths: c}\n";
    assert_eq!(check(ignore), (0, Vec::new()));
    for demand in ["profile: strict\n", "suppressions: {reason: required}\n"] {
        let (findings, notes) = check(&format!("{ignore}{demand}"));
        assert_eq!((findings, notes.len()), (3, 3), "{notes:?}");
        assert!(
            notes[0].starts_with("a.yaml:7 ") && notes[0].contains("lacks a reason"),
            "{notes:?}"
        );
        assert!(notes[1].starts_with("b.yaml:6 ") && notes[1].contains("careen.dev/ignore.RULE"));
        assert!(notes[2].starts_with("careen.yaml:3 ") && notes[2].contains("lacks a reason"));
    }
    let lenient = format!("{ignore}profile: strict\nsuppressions: {{reason: optional}}\n");
    assert_eq!(check(&lenient).0, 0, "the configuration speaks after the profile");
    let (findings, notes) =
        check(&format!("{ignore}suppressions: {{owner: required, expiry: required}}\n"));
    assert_eq!(findings, 3);
    assert!(notes.iter().all(|note| note.contains("lacks an owner and a last day")), "{notes:?}");
}

#[test]
fn huge_lists_are_read_or_refused() {
    let item = |at: usize| {
        format!("- {{rule: memory-limit-missing, paths: 'legacy/{at}/**', reason: r}}\n")
    };
    let list = |count: usize| -> String { (0..count).map(item).collect() };
    let folder = world(&format!("{SELECT}ignore:\n{}", list(5_000)));
    let run = check(folder.path());
    assert_eq!(run.findings().len(), 2, "{}", run.stderr);
    let notes = run.notes();
    assert_eq!(notes.len(), 51, "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("4950 more items of `ignore` cover nothing")));
    std::fs::write(folder.path().join("careen.yaml"), format!("ignore:\n{}", list(5_001))).unwrap();
    let run = check(folder.path());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`ignore` holds more than 5000 items"), "{}", run.stderr);
}

#[test]
fn the_list_holds_in_histories() {
    let key = "AKIA".to_owned() + "Q3EGTNWLZ2V7XKDP";
    let folder = folder(&[("deploy.env", format!("AWS_ACCESS_KEY_ID={key}\n").as_bytes())]);
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(folder.path()).args(["-c", "user.name=a", "-c", "user.email=a@b.c"]);
        assert!(command.args(arguments).output().unwrap().status.success());
    };
    git(&["init", "-q"]);
    git(&["add", "deploy.env"]);
    git(&["commit", "-q", "-m", "one"]);
    let search = || {
        let output = careen(folder.path())
            .args(["check", "--history", "--format", "json"])
            .output()
            .unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["summary"].clone()
    };
    assert_eq!(search()["suppressed"], 0);
    let config = "ignore: [{rule: secrets, paths: '*.env', reason: gone since}]\n";
    std::fs::write(folder.path().join("careen.yaml"), config).unwrap();
    let summary = search();
    assert!(summary["suppressed"].as_u64() > Some(0) && summary["findings"] == 0, "{summary}");
}

//! What the audits of the fixtures say.

use std::fs;

use super::{audit, copy_of, status};
use crate::git::git;
use crate::harness::{AT, root, run};

#[test]
fn harbor_is_no_go_for_what_was_planted() {
    let folder = copy_of("harbor");
    let run = audit(folder.path(), &[]);
    let report = run.json();
    assert_eq!(report["verdict"]["outcome"], "no-go");
    assert_eq!(run.code, 1);
    for control in [
        "tls-valid",
        "image-in-registry",
        "resource-limits",
        "manifests-valid",
        "health-probes",
        "secrets-not-in-repo",
        "secrets-in-vault",
        "network-policies",
        "security-trigger",
        "service-urls",
    ] {
        assert_eq!(status(&report, control), "fail", "{control}");
        let blockers = report["verdict"]["blockers"].as_array().unwrap();
        assert!(blockers.iter().any(|it| it == control), "{control}");
    }
    let causes = report["controls"].as_array().unwrap().iter().flat_map(|it| {
        it["causes"].as_array().unwrap().iter().map(|cause| cause["message"].as_str().unwrap())
    });
    let expired = "certificate for `shop.example.com` expired on 2026-11-20";
    assert!(causes.into_iter().any(|message| message.starts_with(expired)));
}

/// Both lists that Careen began from, on the repository that is ready.
#[test]
fn both_lists_are_answered_on_seaworthy() {
    for list in ["deployment", "platform"] {
        let folder = copy_of("seaworthy");
        let list = root().join(format!("fixtures/checklists/{list}.md"));
        let report = audit(folder.path(), &["--checklist", list.to_str().unwrap()]).json();
        assert_eq!(report["verdict"]["line"], "GO", "{}", report["verdict"]);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = copy_of("seaworthy");
    for format in ["text", "json", "markdown", "html", "junit", "sarif", "oscal", "vsa"] {
        let audit = || run(folder.path(), &["audit", ".", "--at", AT, "--format", format]).stdout;
        let first = audit();
        assert!(first.len() > 20, "{format}: {first}");
        assert_eq!(first, audit(), "{format}");
    }
}

/// Ticks and evidence in a list are no part of the content that people signed.
#[test]
fn ticking_the_list_changes_nothing_that_was_signed() {
    let folder = copy_of("seaworthy");
    let list = folder.path().join("release.md");
    fs::copy(root().join("policies/checklists/production.md"), &list).unwrap();
    let before = audit(folder.path(), &["--checklist", "release.md"]).json();
    run(folder.path(), &["audit", ".", "--at", AT, "--checklist", "release.md", "--write"]);
    assert!(fs::read_to_string(&list).unwrap().contains("- [x] "));
    let after = audit(folder.path(), &["--checklist", "release.md"]).json();
    assert_eq!(before["subject"]["tree"], after["subject"]["tree"]);
    assert_eq!(before["subject"]["checklist_digest"], after["subject"]["checklist_digest"]);
}

/// What is asked of a word decides whether it outlives a change.
#[test]
fn words_about_no_content_outlive_a_change() {
    let folder = copy_of("seaworthy");
    fs::write(folder.path().join("src/more.js"), "export const more = 1;\n").unwrap();
    let report = audit(folder.path(), &[]).json();
    let is_stale = |control: &str| {
        let words = report["sign_offs"].as_array().unwrap();
        words.iter().find(|it| it["control"] == control).unwrap()["stale"].is_string()
    };
    assert!(!is_stale("credential-rotation") && !is_stale("pii-compliance"));
    assert!(is_stale("image-signed") && is_stale("release-communication"));
}

#[test]
fn what_changed_since_a_release_is_told() {
    let folder = copy_of("seaworthy");
    let at = folder.path();
    git(at, &["init", "--quiet", "--initial-branch=main"]);
    git(at, &["add", "--all"]);
    git(at, &["commit", "--quiet", "--message", "one"]);
    git(at, &["tag", "--annotate", "--message", "one", "v1.3.0"]);
    let path = at.join("deploy/api.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("drop: [ALL]", "drop: [NET_RAW]")).unwrap();
    git(at, &["commit", "--quiet", "--all", "--message", "two"]);
    let changes = &audit(at, &["--since", "v1.3.0"]).json()["changes"];
    assert_eq!((&changes["commits"], &changes["files"]), (&1.into(), &1.into()));
    let new = changes["new_findings"].as_array().unwrap();
    let told = "deploy/api.yaml:46 capabilities-not-dropped-all: ";
    assert!(new.iter().any(|it| it.as_str().unwrap().starts_with(told)), "{new:?}");
    assert_eq!(changes["gone_findings"], 0);
    let back = audit(at, &["--since", "nowhere"]);
    assert_eq!(back.code, 2);
    assert!(back.stderr.contains("nowhere"), "{}", back.stderr);
}

/// A rule that was taken out by name says nothing, and a finding counts unless somebody said why not.
#[test]
fn what_is_ignored_without_a_reason_is_not_proven() {
    let folder = copy_of("seaworthy");
    let config = |text: &str| fs::write(folder.path().join("careen.yaml"), text).unwrap();
    let limits = || {
        let report = audit(folder.path(), &[]).json();
        let controls = report["controls"].as_array().unwrap();
        let control = controls.iter().find(|it| it["id"] == "resource-limits").unwrap();
        format!("{} {}", control["status"].as_str().unwrap(), control["reason"].as_str().unwrap())
    };
    // What a check is asked for says nothing of an audit.
    config("select: [secrets]\n");
    assert!(limits().starts_with("pass "), "{}", limits());
    // Neither what makes some paths or rules milder.
    config("severity: {kubernetes: info}\noverrides:\n- paths: deploy\n  ignore: [kubernetes]\n");
    let text = fs::read_to_string(folder.path().join("deploy/api.yaml")).unwrap();
    let limitless = text.replace("cpu: \"1\", memory: 256Mi", "cpu: \"1\"");
    fs::write(folder.path().join("deploy/api.yaml"), &limitless).unwrap();
    assert!(limits().starts_with("fail "), "{}", limits());
    fs::write(folder.path().join("deploy/api.yaml"), &text).unwrap();
    // A test is not released.
    fs::create_dir(folder.path().join("tests")).unwrap();
    fs::write(folder.path().join("tests/api.yaml"), &limitless).unwrap();
    assert!(limits().starts_with("pass "), "{}", limits());
    config("ignore: [memory-limit-missing]\n");
    assert!(limits().starts_with("not-run The rule `memory-limit-missing` was taken out"));
    let path = folder.path().join("deploy/api.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("cpu: \"1\", memory: 256Mi", "cpu: \"1\"")).unwrap();
    config("ignore:\n- rule: memory-limit-missing\n  reason: measured, see the runbook\n");
    assert!(limits().ends_with("1 finding is suppressed with a reason."), "{}", limits());
    config("ignore:\n- rule: memory-limit-missing\n");
    assert!(limits().starts_with("fail "), "{}", limits());
}

/// Nothing is left out in silence.
#[test]
fn what_is_left_out_is_told() {
    let folder = copy_of("seaworthy");
    fs::write(folder.path().join("careen.yaml"), "exclude:\n- dashboards\n").unwrap();
    fs::write(folder.path().join(".careenignore"), "db/\n").unwrap();
    let report = audit(folder.path(), &[]).json();
    let told = report["unseen"].as_array().unwrap();
    let has = |path: &str| told.iter().any(|it| it["path"] == path);
    assert!(has("careen.yaml") && has(".careenignore"), "{told:?}");
    assert_eq!(status(&report, "dashboards"), "fail");
    assert_eq!(report["verdict"]["outcome"], "no-go");
}

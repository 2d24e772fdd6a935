//! What is staged, what changed since a revision.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{POD, folder, run};

/// Runs git; `None` if this machine has none.
fn git(directory: &Path, arguments: &[&str]) -> Option<()> {
    let output = Command::new("git")
        .current_dir(directory)
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_DIR")
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

#[test]
fn staged_content_is_checked_not_the_working_tree() {
    let repository = folder(&[("old.yaml", POD.as_bytes())]);
    let path = repository.path();
    if git(path, &["init", "-q"]).is_none() {
        eprintln!("SKIPPED: no git on this machine");
        return;
    }
    git(path, &["add", "."]).unwrap();
    git(path, &["commit", "-qm", "first"]).unwrap();
    fs::write(path.join("new.yaml"), POD).unwrap();
    git(path, &["add", "new.yaml"]).unwrap();
    fs::write(path.join("new.yaml"), "nothing: here\n").unwrap();
    fs::write(path.join("untracked.yaml"), POD).unwrap();

    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let staged = run(path, &[&arguments[..], &["--staged"]].concat());
    assert_eq!(staged.findings(), ["new.yaml:7:11 memory-limit-missing"], "{}", staged.stderr);
    let since = run(path, &[&arguments[..], &["--since", "HEAD"]].concat());
    assert_eq!(since.findings(), ["untracked.yaml:7:11 memory-limit-missing"]);
    fs::create_dir(path.join("deploy")).unwrap();
    fs::write(path.join("deploy/pod.yaml"), POD).unwrap();
    let below = run(path, &[&arguments[..], &["--since", "HEAD", "deploy", "old.yaml"]].concat());
    assert_eq!(below.findings(), ["deploy/pod.yaml:7:11 memory-limit-missing"]);
    let unknown = run(path, &[&arguments[..], &["--since", "v9"]].concat());
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("v9"), "{}", unknown.stderr);
}

#[test]
fn paths_are_relative_to_the_repository_from_anywhere() {
    let repository = folder(&[("deploy/pod.yaml", POD.as_bytes())]);
    let path = repository.path();
    if git(path, &["init", "-q"]).is_none() {
        eprintln!("SKIPPED: no git on this machine");
        return;
    }
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let inside = run(&path.join("deploy"), &arguments);
    assert_eq!(inside.findings(), ["deploy/pod.yaml:7:11 memory-limit-missing"]);
}

//! `careen rage`: enough for a bug report, and no secret.

use std::fs;

use crate::harness::{POD, careen, folder, run};

/// Made up, and never to be seen.
const PLANTED: &str = "plantedT0ken4711";

#[test]
fn a_report_has_what_is_needed() {
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        (".git/shallow", b"0\n"),
        (".git/hooks/pre-commit", b"#!/bin/sh\nexec careen check --staged\n"),
        (".pre-commit-config.yaml", b"repos: []\n"),
        ("careen.yaml", b"profile: strict\nfail-on: high\nignore: [host-port]\n"),
        (".hadolint.yaml", b"ignored: []\n"),
        ("pod.yaml", POD.as_bytes()),
    ]);
    let rage = careen(folder.path())
        .args(["rage"])
        .env("CI", "true")
        .env("TERM", "xterm-256color")
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    assert_eq!(rage.status.code(), Some(0));
    let text = String::from_utf8(rage.stdout).unwrap();
    for words in [
        "### careen rage\n",
        &format!("- careen {}, features: ", env!("CARGO_PKG_VERSION")),
        "- target: ",
        "- processors: ",
        "standard input: ",
        "- `CI`: `true`\n",
        "- `TERM`: `xterm-256color`\n",
        "- `GITHUB_ACTIONS`: not set\n",
        "- `careen.yaml`: 50 bytes\n",
        "- `.hadolint.yaml`: 12 bytes\n",
        "- shallow: yes\n",
        "- hook `pre-commit`: installed, mentions careen: yes\n",
        "- `.pre-commit-config.yaml`: mentions careen: no\n",
        "- `profile`: strict\n",
        "- `fail-on`: high\n",
        "- `ignore`: 1 items\n",
        "objects: 1, Dockerfiles: 0",
        "- complete: yes\n",
        " ms\n",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn nothing_planted_is_shown() {
    let secret = format!("{PLANTED}-{PLANTED}");
    let config = format!(
        "exclude: [\"{PLANTED}/**\"]\nbaseline: {PLANTED}.json\nrules: {{image-registry-not-allowed: \
         {{registries: [{PLANTED}.example.com]}}}}\n"
    );
    let git =
        format!("[remote \"origin\"]\n\turl = https://user:{PLANTED}@example.com/{PLANTED}.git\n");
    let pod = POD.replace("api", PLANTED);
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        (".git/config", git.as_bytes()),
        (".git/hooks/pre-commit", secret.as_bytes()),
        ("careen.yaml", config.as_bytes()),
        (&format!("{PLANTED}.json"), b"{}"),
        (&format!("deploy/{PLANTED}.yaml"), pod.as_bytes()),
        ("broken.yaml", format!("apiVersion: v1\nkind: [{PLANTED}\n").as_bytes()),
        (".env", format!("DATABASE_PASSWORD={secret}\n").as_bytes()),
        (".trivyignore", secret.as_bytes()),
    ]);
    let inner = folder.path().join(PLANTED);
    fs::create_dir(&inner).unwrap();
    let mistaken = format!("profile: {PLANTED}\n{PLANTED}: 1\n");
    for config in [config.as_str(), "", &mistaken, &format!("kubernetes-version: {PLANTED}\n")] {
        fs::write(folder.path().join("careen.yaml"), config).unwrap();
        for at in [folder.path(), inner.as_path()] {
            let mut command = careen(at);
            for name in
                ["CI", "TERM", "COLUMNS", "GITHUB_ACTIONS", "HTTPS_PROXY", "USER", "LOGNAME"]
            {
                command.env(name, &secret);
            }
            command.env("HOME", format!("/home/{PLANTED}")).env("GITHUB_TOKEN", &secret);
            let output = command.arg("rage").output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{config}");
            let text = String::from_utf8(output.stdout).unwrap();
            let errors = String::from_utf8(output.stderr).unwrap();
            assert!(!text.contains(PLANTED), "{text}");
            assert!(!errors.contains(PLANTED), "{errors}");
            assert!(!text.contains("example.com") && !text.contains("/home/"), "{text}");
            assert!(text.contains("- `TERM`: set to something else\n"), "{text}");
        }
    }
}

#[test]
fn a_place_may_be_named() {
    let folder = folder(&[("a/pod.yaml", POD.as_bytes()), ("b.yaml", POD.as_bytes())]);
    let named = run(folder.path(), &["rage", "a"]);
    assert_eq!(named.code, 0, "{}", named.stderr);
    assert!(named.stdout.contains("objects: 1,"), "{}", named.stdout);
    assert!(named.stdout.contains("- no repository\n"), "{}", named.stdout);
    assert!(named.stdout.contains("**Configuration**\n\n- none\n"), "{}", named.stdout);
    let wrong = run(folder.path(), &["rage", "b.yaml"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("is no folder"), "{}", wrong.stderr);
}

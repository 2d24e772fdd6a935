//! `careen init`: what it writes is true, holds, and changes nothing.

use std::fs;

use careen_text::Source;
use careen_yaml::{Limits, parse};
use tempfile::TempDir;

use crate::harness::{POD, check, copy_folder, folder, root, run};

const REPOSITORIES: [&str; 7] =
    ["convoy", "galleon", "harbor", "lighthouse", "seaworthy", "shipyard", "tugboat"];

fn fixture(name: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    copy_folder(&root().join("fixtures/repos").join(name), folder.path());
    folder
}

/// What the file would be if every proposal were taken.
fn all_taken(text: &str) -> String {
    let mut taken = String::new();
    for line in text.lines() {
        let rest = line.strip_prefix('#').unwrap_or(line);
        let explains = rest.strip_prefix(' ').is_some_and(|rest| !rest.starts_with(' '));
        let is_proposal = line.starts_with('#') && !explains && !rest.is_empty();
        taken.push_str(if is_proposal { rest } else { line });
        taken.push('\n');
    }
    taken
}

/// The keys at the top, if the text is one mapping.
fn keys(text: &str) -> Vec<String> {
    let source = Source::new("careen.yaml", text);
    let tree = parse(&source, &Limits::default());
    assert!(tree.problems().is_empty(), "{:?}\n{text}", tree.problems());
    let document = tree.documents().next().unwrap();
    document.root().unwrap().entries().map(|it| it.key.text().unwrap().to_owned()).collect()
}

#[test]
fn no_finding_changes() {
    for name in REPOSITORIES {
        let folder = fixture(name);
        let before = check(folder.path());
        let init = run(folder.path(), &["init"]);
        assert_eq!(init.code, 0, "{name}: {}", init.stderr);
        let text = fs::read_to_string(folder.path().join("careen.yaml")).unwrap();
        assert!(text.starts_with(
            "# yaml-language-server: $schema=https://careen.dev/schemas/careen.schema.json\n"
        ));
        let after = check(folder.path());
        assert_eq!(before.json()["findings"], after.json()["findings"], "{name}\n{text}");
        assert_eq!(before.code, after.code, "{name}");
        assert_eq!(keys(&text), ["profile"], "{text}");
        let every = all_taken(&text);
        fs::write(folder.path().join("all.yaml"), &every).unwrap();
        let held = run(folder.path(), &["config", "validate", "all.yaml"]);
        // A proposal may name a baseline that is still to be written.
        assert_eq!(held.code, 0, "{name}: {}\n{every}", held.stderr);
        for key in keys(&every) {
            let known = [
                "profile",
                "fail-on",
                "kubernetes-version",
                "exclude",
                "overrides",
                "ignore",
                "rules",
                "baseline",
                "suppressions",
            ];
            assert!(known.contains(&key.as_str()), "{key}\n{text}");
        }
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".new"))
            .collect();
        assert_eq!(left, [""; 0], "nothing is left beside it");
    }
}

#[test]
fn it_says_what_it_saw() {
    let folder = fixture("harbor");
    let path = folder.path();
    fs::create_dir_all(path.join("charts/shop")).unwrap();
    fs::write(path.join("charts/shop/Chart.yaml"), "name: shop\nkubeVersion: '>=1.30'\n").unwrap();
    fs::create_dir_all(path.join("third_party/lib")).unwrap();
    fs::write(path.join("third_party/lib/pod.yaml"), POD).unwrap();
    fs::create_dir_all(path.join("tests")).unwrap();
    fs::write(path.join("tests/pod.yaml"), POD).unwrap();
    fs::write(path.join(".hadolint.yaml"), "ignored: [DL3008]\n").unwrap();
    fs::write(path.join(".gitlab-ci.yml"), "lint: {script: [careen check]}\n").unwrap();
    fs::write(path.join(".pre-commit-config.yaml"), "repos: []\n").unwrap();
    let init = run(path, &["init", "--stdout"]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    assert!(!path.join("careen.yaml").exists());
    let text = &init.stdout;
    for words in [
        "# Helm charts: charts/shop\n",
        "# Configurations of other linters: .hadolint.yaml\n",
        "# Continuous integration: GitLab CI (.gitlab-ci.yml)\n",
        "# Hooks: .pre-commit-config.yaml\n",
        "# charts/shop/Chart.yaml:2 names 1.30.\n#kubernetes-version: 1.30\n",
        "#  - \"third_party/**\"\n",
        "#  - paths: [\"tests/**\"]\n#    ignore: [kubernetes]\n",
        "#    registries: [",
        "#  - rule: ",
        "#baseline: careen-baseline.json\n",
        "# `careen migrate --stdout` says",
        "# There is no Git repository here",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let next: Vec<_> = init.stderr.lines().skip_while(|line| *line != "next:").skip(1).collect();
    assert_eq!(next.len(), 3, "{}", init.stderr);
    assert!(next[0].starts_with("  careen check "), "{next:?}");
    assert!(next[1].starts_with("  careen migrate --stdout "), "{next:?}");
    assert!(next[2].starts_with("  careen baseline create "), "{next:?}");
    assert_eq!(run(path, &["init", "--stdout"]).stdout, *text, "the same again");
}

#[test]
fn what_is_there_is_kept() {
    let folder = folder(&[("careen.yaml", b"profile: strict\n"), ("a/pod.yaml", POD.as_bytes())]);
    let path = folder.path();
    let read = || fs::read_to_string(path.join("careen.yaml")).unwrap();
    let init = run(path, &["init"]);
    assert_eq!(init.code, 2);
    assert!(init.stderr.contains("is there already"), "{}", init.stderr);
    assert!(init.stderr.contains("--force"), "{}", init.stderr);
    assert_eq!(read(), "profile: strict\n");
    let forced = run(path, &["init", "--force"]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(read().contains("\nprofile: default\n"));
    let below = run(path, &["init", "a"]);
    assert_eq!(below.code, 2, "one above holds for the folder: {}", below.stderr);
    assert_eq!(run(path, &["init", "nowhere"]).code, 2);
    assert_eq!(run(path, &["init", "a/pod.yaml"]).code, 2);
}

#[test]
fn a_folder_may_be_named() {
    let folder = folder(&[
        ("shop/vendor/pod.yaml", POD.as_bytes()),
        ("shop/pod.yaml", POD.as_bytes()),
        ("other/vendor/pod.yaml", POD.as_bytes()),
    ]);
    let init = run(folder.path(), &["init", "shop"]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    let text = fs::read_to_string(folder.path().join("shop/careen.yaml")).unwrap();
    assert!(text.contains("#  - \"vendor/**\"\n"), "globs are relative to the file: {text}");
    assert!(init.stderr.contains("  careen check shop "), "{}", init.stderr);
    let baseline = "  careen baseline create shop --baseline shop/careen-baseline.json ";
    assert!(init.stderr.contains(baseline), "{}", init.stderr);
}

/// An empty folder is a repository too.
#[test]
fn nothing_is_something() {
    let folder = folder(&[]);
    let init = run(folder.path(), &["init"]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    assert!(init.stderr.contains("careen rules"), "{}", init.stderr);
    assert_eq!(check(folder.path()).code, 0);
}

#[cfg(unix)]
#[test]
fn names_of_files_stay_in_their_line() {
    let folder = folder(&[
        ("a\nfail-on: info\n#/Chart.yaml", b"name: a\nkubeVersion: 1.30\n"),
        ("b\"]\nignore: [all]\n#/vendor/pod.yaml", POD.as_bytes()),
        ("c\u{1b}[31m/tests/pod.yaml", POD.as_bytes()),
    ]);
    let init = run(folder.path(), &["init", "--stdout"]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    assert_eq!(keys(&init.stdout), ["profile"], "{}", init.stdout);
    assert!(!keys(&all_taken(&init.stdout)).is_empty());
    assert!(!init.stdout.contains('\u{1b}') && !init.stderr.contains('\u{1b}'));
}

//! Configurations of several files.

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::harness::{POD, check, folder, run};

/// What a configuration is refused with.
fn refused(directory: &Path) -> String {
    let run = check(directory);
    assert_eq!(run.code, 2, "{}", run.stdout);
    run.stderr
}

#[test]
fn what_stands_in_the_file_wins() {
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        (
            "shared/base.yaml",
            b"select: [memory-limit-missing]\nseverity: {all: info}\nfail-on: high\n",
        ),
        ("shared/more.yaml", b"extend: base.yaml\nexclude: [vendored]\n"),
        (
            "shop/careen.yaml",
            b"extend: [../shared/more.yaml]\nseverity: {memory-limit-missing: high}\n",
        ),
        ("shop/pod.yaml", POD.as_bytes()),
        ("shop/vendored/pod.yaml", POD.as_bytes()),
        ("shop/shared/vendored/pod.yaml", POD.as_bytes()),
    ]);
    let run = run(folder.path(), &["check", "--format", "json", "shop"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(
        run.findings(),
        [
            "shop/pod.yaml:7:11 memory-limit-missing",
            "shop/shared/vendored/pod.yaml:7:11 memory-limit-missing",
        ],
        "globs are relative to the folder of the file that was found"
    );
    assert_eq!(run.json()["findings"][0]["severity"], "high");
}

#[test]
fn files_are_found_beside_the_file_that_names_them() {
    let detector = b"provider: Acme\nrules:\n- id: acme-key-committed\n  summary: Acme key\n  \
                     about: It opens doors.\n  remedy: Revoke it.\n  severity: high\n  forms:\n  \
                     - {kind: Acme key, form: 'acme_[a-z]{12}'}\n";
    let folder = folder(&[
        (
            "shared/careen.yaml",
            b"select: [acme-key-committed]\ndetectors: [acme.yaml]\nbaseline: known.json\n",
        ),
        ("shared/acme.yaml", detector),
        ("careen.yaml", b"extend: shared/careen.yaml\n"),
        ("key.txt", b"key = acme_qwkrtmzpvhbn\n"),
    ]);
    let root = folder.path();
    let missing = refused(root);
    assert!(missing.contains("shared/known.json"), "{missing}");
    assert_eq!(run(root, &["baseline", "create"]).code, 0);
    assert!(root.join("shared/known.json").exists());
    assert_eq!(check(root).code, 0);
    std::fs::remove_file(root.join("shared/known.json")).unwrap();
    std::fs::write(
        root.join("shared/careen.yaml"),
        "select: [acme-key-committed]\ndetectors: [acme.yaml]\n",
    )
    .unwrap();
    assert_eq!(check(root).findings(), ["key.txt:1:7 acme-key-committed"]);
}

#[test]
fn mistakes_show_the_file_they_stand_in() {
    let folder = folder(&[
        ("careen.yaml", b"extend: [a.yaml, b.yaml]\nprofil: strict\n"),
        ("a.yaml", b"# ours\nselect: all\n"),
        ("b.yaml", b"kubernetes-version: '1.33'\nfail-on: loud\n"),
    ]);
    let told = refused(folder.path());
    for place in ["careen.yaml:2:1: unknown key", "a.yaml:2:9: `select`", "b.yaml:2:10: `loud`"] {
        assert!(told.contains(place), "{told}");
    }
    for (name, text, place) in [
        ("b.yaml", "ignore:\n- no-such-rule\n", "b.yaml:2:3: no rule or group"),
        ("b.yaml", "kubernetes-version: '1.3'\n", "b.yaml:1:21: Kubernetes 1.3 is not known"),
        ("b.yaml", "rules: {host-port: {a: b}}\n", "b.yaml:1:21: `host-port` has no options"),
        (
            "b.yaml",
            "images: {signatures: [{images: a, keys: gone.pub}]}\n",
            "b.yaml:1:41: `gone.pub`",
        ),
    ] {
        std::fs::write(folder.path().join("careen.yaml"), "extend: b.yaml\n").unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let told = refused(folder.path());
        assert!(told.contains(place), "{told}");
    }
}

#[test]
fn circles_are_told_with_the_way() {
    let folder = folder(&[
        ("careen.yaml", b"extend: a/one.yaml\n"),
        ("a/one.yaml", b"\nextend: [two.yaml]\n"),
        ("a/two.yaml", b"extend: [../careen.yaml]\n"),
        ("self/careen.yaml", b"extend: careen.yaml\n"),
    ]);
    let told = refused(folder.path());
    let way = "a/two.yaml:1:10: the files extend each other in a circle: \
               careen.yaml → a/one.yaml → a/two.yaml → careen.yaml";
    assert!(told.contains(way), "{told}");
    assert!(refused(&folder.path().join("self")).contains("careen.yaml → careen.yaml"));
    // A link to one of them is one of them.
    std::fs::write(folder.path().join("a/two.yaml"), "extend: [link.yaml]\n").unwrap();
    symlink("one.yaml", folder.path().join("a/link.yaml")).unwrap();
    assert!(refused(folder.path()).contains("a/one.yaml → a/two.yaml → a/one.yaml"));
}

#[test]
fn a_file_that_two_extend_counts_once() {
    let folder = folder(&[
        ("careen.yaml", b"extend: [a.yaml, b.yaml]\nselect: [memory-limit-missing]\n"),
        ("a.yaml", b"extend: base.yaml\nseverity: {all: low}\n"),
        ("b.yaml", b"extend: base.yaml\n"),
        ("base.yaml", b"severity: {all: critical}\n"),
        ("pod.yaml", POD.as_bytes()),
    ]);
    assert_eq!(check(folder.path()).json()["findings"][0]["severity"], "low");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = folder(&[
        ("folder/base.yaml", b""),
        ("latin.yaml", b"profile: stri\xe9t\n"),
        ("huge.yaml", " ".repeat(2 << 20).as_bytes()),
        ("careen.yaml", b""),
    ]);
    let root = folder.path();
    symlink("nowhere", root.join("broken.yaml")).unwrap();
    symlink("folder/base.yaml", root.join("link.yaml")).unwrap();
    for (extended, words) in [
        ("folder", "careen.yaml:1:9: `folder` is a folder: name the file in it"),
        ("gone.yaml", "`gone.yaml` cannot be read"),
        ("broken.yaml", "`broken.yaml` cannot be read"),
        ("/dev/null", "`/dev/null` is no file"),
        ("latin.yaml", "not text in UTF-8"),
        ("huge.yaml", "larger than 1 MiB"),
        ("https://example.com/careen.yaml", "nothing is fetched from an address"),
        ("{a: b}", "`extend` is the path of a file, or a list of paths"),
    ] {
        std::fs::write(root.join("careen.yaml"), format!("extend: {extended}\n")).unwrap();
        let told = refused(root);
        assert!(told.contains(words), "{extended}: {told}");
    }
    std::fs::write(root.join("careen.yaml"), "extend: link.yaml\n").unwrap();
    assert_eq!(check(root).code, 0, "a link leads to a file");
}

#[test]
fn chains_and_crowds_have_an_end() {
    let mut files: Vec<(String, Vec<u8>)> = (0..20)
        .map(|at| (format!("{at}.yaml"), format!("extend: {}.yaml\n", at + 1).into_bytes()))
        .collect();
    files.push(("20.yaml".to_owned(), Vec::new()));
    files.push(("careen.yaml".to_owned(), b"extend: 0.yaml\n".to_vec()));
    let borrowed: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), &**text)).collect();
    let chain = folder(&borrowed);
    assert!(refused(chain.path()).contains("more than 10 files extend each other"));

    let list =
        |from: usize| -> String { (from..from + 15).map(|at| format!("{at}.yaml, ")).collect() };
    let mut files: Vec<(String, Vec<u8>)> =
        vec![("careen.yaml".to_owned(), b"extend: [a.yaml, b.yaml, c.yaml, d.yaml]\n".to_vec())];
    for (name, from) in [("a", 0), ("b", 15), ("c", 30), ("d", 45)] {
        files.push((format!("{name}.yaml"), format!("extend: [{}]\n", list(from)).into_bytes()));
    }
    files.extend((0..60).map(|at| (format!("{at}.yaml"), Vec::new())));
    let borrowed: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), &**text)).collect();
    let crowd = folder(&borrowed);
    assert!(refused(crowd.path()).contains("more than 50 files"));
    let long = format!("extend: [{}]\n", "0.yaml, ".repeat(1_000));
    std::fs::write(crowd.path().join("careen.yaml"), long).unwrap();
    assert!(refused(crowd.path()).contains("`extend` holds more than 20 items"));
}

//! `careen.yaml`.

use std::path::Path;

use crate::harness::{POD, check, folder, run};

const ONE: [&str; 5] = ["check", "--format", "json", "--select", "memory-limit-missing"];

/// Paths with a finding.
fn paths(directory: &Path, more: &[&str]) -> Vec<String> {
    let run = run(directory, &[&ONE[..], more].concat());
    let places = run.findings().into_iter();
    places.map(|place| place.split(':').next().unwrap().to_owned()).collect()
}

#[test]
fn the_nearest_configuration_counts() {
    let config = b"select: [memory-limit-missing]\nseverity: {memory-limit-missing: info}\n";
    let folder = folder(&[
        ("careen.yaml", config),
        ("deploy/pod.yaml", POD.as_bytes()),
        ("vendored/pod.yaml", POD.as_bytes()),
    ]);
    let report = check(folder.path()).json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    assert!(findings.iter().all(|finding| finding["severity"] == "info"));
    assert_eq!(check(folder.path()).code, 0, "info does not fail by default");

    std::fs::write(
        folder.path().join("careen.yaml"),
        "select: [memory-limit-missing]\nexclude: [vendored]\nfail-on: critical\n",
    )
    .unwrap();
    let run = check(folder.path());
    assert_eq!(run.findings(), ["deploy/pod.yaml:7:11 memory-limit-missing"]);
    assert_eq!(run.code, 0);
}

#[test]
fn the_command_line_wins() {
    let folder =
        folder(&[("careen.yaml", b"select: [host-network]\n"), ("pod.yaml", POD.as_bytes())]);
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    assert_eq!(run(folder.path(), &arguments).findings(), ["pod.yaml:7:11 memory-limit-missing"]);
}

#[test]
fn a_mistake_shows_its_place_and_stops_the_run() {
    let folder =
        folder(&[("careen.yaml", b"# ours\nfail-onn: high\n"), ("pod.yaml", POD.as_bytes())]);
    let run = check(folder.path());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("careen.yaml:2:1"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `fail-on`?"), "{}", run.stderr);
}

#[test]
fn the_command_line_takes_back_what_the_configuration_ignores() {
    let folder = folder(&[
        ("careen.yaml", b"ignore: [memory-limit-missing]\n"),
        ("pod.yaml", POD.as_bytes()),
    ]);
    assert_eq!(paths(folder.path(), &[]), ["pod.yaml"]);
}

#[test]
fn excluded_paths_are_relative_to_the_configuration() {
    let pod = POD.as_bytes();
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        ("shop/careen.yaml", b"exclude: [./vendored/, 'deploy/*.yaml']\n"),
        ("shop/vendored/pod.yaml", pod),
        ("shop/deploy/pod.yaml", pod),
        ("shop/deploy/eu/pod.yaml", pod),
        ("shop/deploy/eu/vendored/pod.yaml", pod),
        ("vendored/pod.yaml", pod),
    ]);
    let left = ["shop/deploy/eu/pod.yaml", "shop/deploy/eu/vendored/pod.yaml"];
    let root = folder.path();
    assert_eq!(paths(root, &["shop"]), left);
    assert_eq!(paths(&root.join("shop"), &[]), left);
    assert_eq!(paths(&root.join("shop/deploy"), &[]), left, "from a subfolder");
    let all = [&left[..], &["vendored/pod.yaml"]].concat();
    assert_eq!(paths(root, &["--config", "shop/careen.yaml"]), all, "by name");
    assert_eq!(paths(&root.join("vendored"), &["--config", "../shop/careen.yaml", ".."]), all);
}

#[test]
fn a_configuration_from_elsewhere_speaks_for_what_is_checked() {
    let pod = POD.as_bytes();
    let shared = folder(&[("careen.yaml", b"exclude: [vendored]\n")]);
    let shared = shared.path().join("careen.yaml");
    let shared = shared.to_str().unwrap();
    let plain = folder(&[("vendored/pod.yaml", pod), ("pod.yaml", pod)]);
    assert_eq!(paths(plain.path(), &["--config", shared]), ["pod.yaml"]);
    let hidden = folder(&[
        (".config/careen.yaml", b"exclude: [vendored]\n"),
        ("vendored/pod.yaml", pod),
        ("pod.yaml", pod),
    ]);
    assert_eq!(paths(hidden.path(), &[]), ["pod.yaml"]);
    assert_eq!(paths(hidden.path(), &["--config", ".config/careen.yaml"]), ["pod.yaml"]);
}

#[test]
fn without_a_repository_nothing_above_the_working_folder_counts() {
    let outer =
        folder(&[("careen.yaml", b"exclude: ['**']\n"), ("inner/pod.yaml", POD.as_bytes())]);
    assert_eq!(paths(outer.path(), &["inner"]), Vec::<String>::new());
    assert_eq!(paths(&outer.path().join("inner"), &[]), ["pod.yaml"]);
}

#[test]
fn a_named_file_that_is_excluded_is_told() {
    let folder = folder(&[("careen.yaml", b"exclude: [pod.yaml]\n"), ("pod.yaml", POD.as_bytes())]);
    let run = run(folder.path(), &[&ONE[..], &["pod.yaml"]].concat());
    assert_eq!(run.findings(), Vec::<String>::new());
    assert!(run.notes()[0].contains("listed in `exclude`"), "{:?}", run.notes());
}

#[test]
fn what_is_no_configuration_stops_the_run() {
    let deep = format!("profile: {}", "[".repeat(200_000));
    let many: String = (0..30_000).map(|at| format!("a{at}: &a{at} {{<<: *a{at}}}\n")).collect();
    let folder = folder(&[
        ("latin.yaml", b"profile: stri\xe9t\n"),
        ("deep.yaml", deep.as_bytes()),
        ("many.yaml", many.as_bytes()),
        ("huge.yaml", " ".repeat(2 << 20).as_bytes()),
        ("back.yaml", b"exclude: ['!a']\n"),
        ("glob.yaml", b"exclude: ['a[']\n"),
        ("pod.yaml", POD.as_bytes()),
    ]);
    for (config, words) in [
        ("nowhere.yaml", "cannot read the configuration nowhere.yaml"),
        (".", "cannot read the configuration"),
        ("latin.yaml", "not text in UTF-8"),
        ("deep.yaml", "deep.yaml:1:"),
        ("many.yaml", "there are more mistakes"),
        ("huge.yaml", "larger than 1 MiB"),
        ("back.yaml", "cannot be taken back in"),
        ("glob.yaml", "which is no glob"),
    ] {
        let run = run(folder.path(), &["check", "pod.yaml", "--config", config]);
        assert_eq!(run.code, 2, "{config}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{config}: {}", run.stderr);
        assert!(run.stdout.is_empty() && run.stderr.len() < 8_000, "{config}: {}", run.stderr);
    }
}

//! `careen config`.

use serde_json::Value;

use crate::harness::{POD, folder, run};

#[test]
fn a_configuration_that_holds_is_told_so() {
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        ("careen.yaml", b"extend: base.yaml\nignore: [host-port]\n"),
        ("base.yaml", b"profile: strict\n"),
        ("other.yaml", b"select: [secrets]\n"),
    ]);
    for (arguments, words) in [
        (&["config", "validate"][..], "careen.yaml holds\n"),
        (&["config", "validate", "other.yaml"], "other.yaml holds\n"),
    ] {
        let run = run(folder.path(), arguments);
        assert_eq!((run.code, run.stdout.as_str()), (0, words), "{}", run.stderr);
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let text = "\
extend: gone.yaml
profil: strict
ignore: [host-prot, {rule: host-port, paths: 'a['}]
kubernetes-version: '1.99'
rules: {host-port: {a: b}}
detectors: [{id: x}]
images: {signatures: [{images: a, keys: gone.pub}]}
";
    let folder = folder(&[("careen.yaml", text.as_bytes())]);
    let run = run(folder.path(), &["config", "validate"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    for place in [
        "careen.yaml:1:9: `gone.yaml` cannot be read",
        "careen.yaml:2:1: unknown key `profil` (did you mean `profile`?)",
        "careen.yaml:3:10: no rule or group is called `host-prot` (did you mean `host-port`?)",
        "careen.yaml:3:46: `paths` is `a[`, which is no glob",
        "careen.yaml:4:21: Kubernetes 1.99 is not known",
        "careen.yaml:5:21: `host-port` has no options",
        "careen.yaml:6:13: ",
        "careen.yaml:7:41: `gone.pub` cannot be read",
    ] {
        assert!(run.stderr.contains(place), "{place}\n{}", run.stderr);
    }
}

#[test]
fn nothing_to_validate_is_an_error() {
    let folder = folder(&[("pod.yaml", POD.as_bytes())]);
    let run = run(folder.path(), &["config", "validate"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`careen init` writes one"), "{}", run.stderr);
}

#[test]
fn what_is_told_to_an_audit_is_validated_and_shown() {
    let good = "audit:\n  checklist: list.md\n  controls:\n\
        - control: latency-budget\n  claims: p99<=300ms\n  max-age: 30d\n";
    let good = good.replace("\n- ", "\n  - ").replace("\n  claims", "\n    claims");
    let good = good.replace("\n  max-age", "\n    max-age");
    let folder = folder(&[("careen.yaml", good.as_bytes())]);
    let validated = run(folder.path(), &["config", "validate"]);
    assert_eq!(validated.code, 0, "{}", validated.stderr);
    let shown = run(folder.path(), &["config", "show"]).stdout;
    assert!(shown.contains("audit.checklist"), "{shown}");
    assert!(shown.contains("latency-budget"), "{shown}");
    let bad = good.replace("latency-budget", "latency-buget").replace("300ms", "fast");
    std::fs::write(folder.path().join("careen.yaml"), bad).unwrap();
    let refused = run(folder.path(), &["config", "validate"]);
    assert_eq!(refused.code, 2);
    for told in ["careen.yaml:4:14: no control is called", "careen.yaml:5:13: `fast` is no number"]
    {
        assert!(refused.stderr.contains(told), "{}", refused.stderr);
    }
}

#[test]
fn what_holds_for_a_path_is_shown() {
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        ("careen.yaml", b"extend: base.yaml\nselect: [kubernetes]\nignore: [host-port]\nexclude: [vendored]\noverrides:\n- paths: tests\n  select: [secrets, memory-limit-missing]\n  severity: {memory-limit-missing: info}\n"),
        ("base.yaml", b"profile: relaxed\nsuppressions: {owner: required}\n"),
        ("tests/pod.yaml", POD.as_bytes()),
    ]);
    let root = folder.path();
    let json = |path: &str| {
        let run = run(root, &["config", "show", path, "--format", "json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.json()
    };
    let rule = |shown: &Value, id: &str| -> (bool, String, String, String) {
        let rules = shown["rules"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["id"] == id).unwrap();
        let text = |key: &str| rule[key].as_str().unwrap_or_default().to_owned();
        (rule["enabled"] == true, text("because"), text("severity"), text("severity_because"))
    };
    let own = |on, because: &str, level: &str, by: &str| {
        (on, because.to_owned(), level.to_owned(), by.to_owned())
    };
    let shown = json(".");
    assert_eq!(shown["files"], serde_json::json!(["base.yaml", "careen.yaml"]));
    assert_eq!((&shown["path"], &shown["excluded"]), (&".".into(), &false.into()));
    let memory = "memory-limit-missing";
    assert_eq!(rule(&shown, memory), own(true, "careen.yaml:2:10", "high", ""));
    assert_eq!(rule(&shown, "host-port"), own(false, "careen.yaml:3:10", "medium", ""));
    assert!(!rule(&shown, "github-token-committed").0);
    let shown = json("tests/pod.yaml");
    assert_eq!(rule(&shown, memory), own(true, "careen.yaml:7:21", "info", "careen.yaml:8:14"));
    assert!(rule(&shown, "github-token-committed").0);
    assert!(!rule(&shown, "host-network").0);
    let setting = |name: &str| {
        let settings = shown["settings"].as_array().unwrap();
        let setting = settings.iter().find(|setting| setting["name"] == name).unwrap();
        format!("{} {}", setting["value"].as_str().unwrap(), setting["because"].as_str().unwrap())
    };
    assert_eq!(setting("profile"), "relaxed base.yaml:1:10");
    assert_eq!(setting("fail-on"), "high profile relaxed");
    assert_eq!(setting("suppressions.owner"), "required base.yaml:2:23");
    assert_eq!(setting("suppressions.reason"), "optional default");
    assert_eq!(json("vendored/not/there.yaml")["excluded"], true);

    let text = run(root, &["config", "show", "tests/pod.yaml"]).stdout;
    for line in [
        "For tests/pod.yaml\n",
        "Configuration, later files win:\n  base.yaml\n  careen.yaml\n",
        "relaxed           base.yaml:1:10\n",
        "careen.yaml:7:21; severity: careen.yaml:8:14\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn without_a_configuration_the_defaults_are_shown() {
    let folder = folder(&[("pod.yaml", POD.as_bytes())]);
    let shown = run(folder.path(), &["config", "show"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("No configuration was found.\n"), "{}", shown.stdout);
    assert!(!shown.stdout.contains("memory-limit-missing"), "{}", shown.stdout);
    let all = run(folder.path(), &["config", "show", "--all"]).stdout;
    assert!(all.contains("on   memory-limit-missing"), "{all}");
}

#[test]
fn names_of_files_cannot_play_with_the_terminal() {
    let folder = folder(&[("a\u{1b}[31mb.yaml", b"exclude: [\"a\\eb\"]\n")]);
    let run = run(folder.path(), &["config", "show", "--config", "a\u{1b}[31mb.yaml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
}

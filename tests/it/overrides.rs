//! What holds for some paths only.

use std::path::Path;

use crate::harness::{POD, check, folder, run};

const SERVICE: &str = "\
apiVersion: v1
kind: Service
metadata:
  name: nobody
spec:
  selector: {app: nobody}
  ports: [{port: 80}]
";

/// `path rule severity` of each finding.
fn found(directory: &Path, arguments: &[&str]) -> Vec<String> {
    let run = run(directory, &[&["check", "--format", "json"], arguments].concat());
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings
        .map(|it| format!("{} {} {}", text(it, "path"), text(it, "rule"), text(it, "severity")))
        .collect()
}

#[test]
fn overrides_hold_where_they_say() {
    let config = b"select: [memory-limit-missing]\n\
        overrides:\n\
        - paths: ['legacy/**']\n  ignore: [kubernetes/resources]\n\
        - paths: [legacy/kept, '**/special.yaml']\n  select: [checkov:CKV_K8S_13, kubernetes/references]\n  \
        severity: {memory-limit-missing: critical}\n";
    let folder = folder(&[
        ("careen.yaml", config),
        ("pod.yaml", POD.as_bytes()),
        ("legacy/pod.yaml", POD.as_bytes()),
        ("legacy/kept/pod.yaml", POD.as_bytes()),
        ("deploy/special.yaml", SERVICE.as_bytes()),
        ("deploy/service.yaml", SERVICE.as_bytes()),
    ]);
    let all = found(folder.path(), &[]);
    assert!(all.contains(&"pod.yaml memory-limit-missing high".to_owned()), "{all:?}");
    assert!(
        all.contains(&"legacy/kept/pod.yaml memory-limit-missing critical".to_owned()),
        "{all:?}"
    );
    assert!(!all.iter().any(|it| it.starts_with("legacy/pod.yaml")), "{all:?}");
    assert!(
        all.iter().any(|it| it.starts_with("deploy/special.yaml object-duplicate")),
        "rules across files that run for one path only: {all:?}"
    );
    assert!(!all.iter().any(|it| it.starts_with("deploy/service.yaml")), "{all:?}");
    // From a subfolder and by name, the paths mean the same.
    let there = found(&folder.path().join("legacy"), &["--config", "../careen.yaml"]);
    assert_eq!(there, found(&folder.path().join("legacy"), &["--config", "../careen.yaml", "."]));
    // The command line is the last to speak.
    let named = found(folder.path(), &["--select", "memory-limit-missing"]);
    assert_eq!(named.len(), 3, "{named:?}");
    let less = found(folder.path(), &["--ignore", "memory-limit-missing"]);
    assert!(!less.iter().any(|it| it.contains("memory")), "{less:?}");
}

#[test]
fn suppressions_of_what_does_not_run_there_are_left_alone() {
    let pod = POD.replace("- name: web", "- name: web # careen: ignore[memory-limit-missing] r");
    let config = b"select: [memory-limit-missing]\noverrides: [{paths: a.yaml, ignore: [all]}]\n";
    let folder = folder(&[("careen.yaml", config), ("a.yaml", pod.as_bytes())]);
    let run = check(folder.path());
    assert_eq!((run.findings().len(), run.notes().len()), (0, 0), "{:?}", run.notes());
}

#[test]
fn a_baseline_knows_what_runs_where() {
    let folder = folder(&[
        ("careen.yaml", b"select: [memory-limit-missing]\nbaseline: known.json\n"),
        ("a.yaml", POD.as_bytes()),
    ]);
    let root = folder.path();
    assert_eq!(run(root, &["baseline", "create"]).code, 0);
    let config = "select: [memory-limit-missing]\nbaseline: known.json\n\
                  overrides: [{paths: a.yaml, ignore: [all]}]\n";
    std::fs::write(root.join("careen.yaml"), config).unwrap();
    assert_eq!(check(root).notes(), Vec::<String>::new(), "the rule does not run there");
}

#[test]
fn many_globs_are_refused_or_quick() {
    let globs = |count: usize| -> String {
        (0..count).map(|at| format!("'**/{at}*/x{{a,b}}*.yaml', ")).collect()
    };
    let list = |count: usize| format!("- {{paths: [{}], ignore: [all]}}\n", globs(count));
    let one = format!("overrides:\n{}", list(10_000));
    let all = format!("overrides:\n{}", list(1_000).repeat(11));
    let folder = folder(&[("pod.yaml", POD.as_bytes())]);
    for (text, words) in [(one, "`paths` holds more than 1000 items"), (all, "more than")] {
        std::fs::write(folder.path().join("careen.yaml"), text).unwrap();
        let run = check(folder.path());
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

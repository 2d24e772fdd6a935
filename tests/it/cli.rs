//! Arguments, formats, exit codes.

use crate::harness::{AT, POD, check, folder, run, run_with};

#[test]
fn findings_end_with_one_and_none_with_zero() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let run_bad = check(bad.path());
    assert_eq!(run_bad.code, 1, "{}", run_bad.stderr);
    assert!(run_bad.findings().contains(&"pod.yaml:7:11 memory-limit-missing".to_owned()));

    let empty = folder(&[]);
    let nothing = run(empty.path(), &["check"]);
    assert_eq!(nothing.code, 0);
    assert!(nothing.stdout.contains("nothing was checked"), "{}", nothing.stdout);
}

#[test]
fn fail_on_and_exit_zero_decide_the_code() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let arguments = ["check", "--select", "memory-limit-missing"];
    let code = |more: &[&str]| run(bad.path(), &[&arguments[..], more].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "high"]), 1);
    assert_eq!(code(&["--fail-on", "critical"]), 0);
    assert_eq!(code(&["--exit-zero"]), 0);
}

#[test]
fn mistakes_on_the_command_line_end_with_two_and_a_remedy() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    for (arguments, words) in [
        (&["check", "--select", "memory-limit-mising"][..], "did you mean `memory-limit-missing`?"),
        (&["check", "nowhere"][..], "nowhere"),
        (&["check", "--format", "xml"][..], "`xml` is no format: use one of text"),
        (&["check", "--at", "yesterday"][..], "2026-11-22"),
        (
            &["check", "--profile", "loud"][..],
            "default, pss-baseline, pss-restricted, public-pki, relaxed, strict",
        ),
        (&["check", "--staged"][..], "repository"),
        (&["check", "--output", "sarif"][..], "FORMAT=PATH"),
        (&["explain", "memory-limit"][..], "careen rules"),
    ] {
        let failed = run(bad.path(), arguments);
        assert_eq!(failed.code, 2, "{arguments:?}: {}", failed.stderr);
        assert!(failed.stderr.contains(words), "{arguments:?}: {}", failed.stderr);
        assert_eq!(failed.stdout, "", "{arguments:?}: standard output holds data only");
    }
}

#[test]
fn peers_names_and_groups_select() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    for name in ["CKV_K8S_13", "kube-linter:unset-memory-requirements", "memory-limit-missing"] {
        let run = run(bad.path(), &["check", "--format", "json", "--select", name]);
        assert_eq!(run.findings(), ["pod.yaml:7:11 memory-limit-missing"], "{name}");
    }
    let run = run(bad.path(), &["check", "--format", "json", "--ignore", "kubernetes,images"]);
    assert_eq!(run.findings(), Vec::<String>::new());
    assert_eq!(run.code, 0);
}

#[test]
fn standard_input_is_checked_under_its_name() {
    let empty = folder(&[]);
    let arguments = ["check", "-", "--format", "json", "--select", "memory-limit-missing"];
    let unnamed = run_with(empty.path(), &arguments, POD.as_bytes());
    assert_eq!(unnamed.findings(), ["<stdin>:7:11 memory-limit-missing"], "{}", unnamed.stderr);
    let named = [&arguments[..], &["--stdin-name", "deploy/pod.yaml"]].concat();
    let named = run_with(empty.path(), &named, POD.as_bytes());
    assert_eq!(named.findings(), ["deploy/pod.yaml:7:11 memory-limit-missing"]);
    let secret = concat!("DB_PASS", "WORD=hk7Qz3vWx2Lp9R\n");
    let arguments = ["check", "-", "--format", "json", "--stdin-path", "prod.env"];
    let secret = run_with(empty.path(), &arguments, secret.as_bytes());
    assert_eq!(secret.findings(), ["prod.env:1:13 password-assigned"], "{}", secret.stderr);
    let history = run_with(empty.path(), &["check", "-", "--history"], b"");
    assert_eq!(history.code, 2);
}

#[test]
fn one_run_writes_several_reports() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let run = run(
        bad.path(),
        &["check", "pod.yaml", "--at", AT, "--output", "json=a.json", "--output", "sarif=b.sarif"],
    );
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("memory-limit-missing"));
    let text = |name: &str| std::fs::read_to_string(bad.path().join(name)).unwrap();
    assert!(text("a.json").contains("\"careen/1\""));
    assert!(text("b.sarif").contains("primaryLocationLineHash"));
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let run = run(bad.path(), &["check", "--output", "json=nowhere/a.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot write nowhere/a.json"), "{}", run.stderr);
}

#[test]
fn outputs_destroy_no_input_and_not_each_other() {
    let bad = folder(&[("pod.yaml", POD.as_bytes()), ("c.yaml", b"ignore: []\n")]);
    for (arguments, words) in [
        (&["pod.yaml", "--output", "json=./pod.yaml"][..], "overwrite ./pod.yaml"),
        (&["--config", "c.yaml", "--output", "json=c.yaml"][..], "overwrite c.yaml"),
        (&["--output", "json=a", "--output", "sarif=./a"][..], "two reports"),
        (&["--output", "json=-"][..], "`--format`"),
        (&["--output", "json=."][..], "cannot write ."),
    ] {
        let run = run(bad.path(), &[&["check"], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(std::fs::read_to_string(bad.path().join("pod.yaml")).unwrap(), POD);
}

#[test]
fn the_clock_is_told_in_known_forms_only() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let at = |at: &str| run(bad.path(), &["check", "--format", "json", "--at", at]).stdout;
    assert_eq!(at("2026-12-01"), at(AT));
    assert_eq!(at("2026-12-01T02:00:00+02:00"), at(AT));
    for epoch in ["", "soon", "1e9", "9223372036854775807"] {
        let mut command = crate::harness::careen(bad.path());
        let output = command.arg("check").env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{epoch}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("SOURCE_DATE_EPOCH"), "{epoch}");
    }
}

#[test]
fn several_paths_are_checked_once_each() {
    let bad = folder(&[("a.yaml", POD.as_bytes()), ("b.yaml", POD.as_bytes())]);
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let paths = ["b.yaml", "a.yaml", "./b.yaml", ".", "-"];
    let run = run_with(bad.path(), &[&arguments[..], &paths].concat(), POD.as_bytes());
    let places = run.findings();
    let expected = ["<stdin>", "a.yaml", "b.yaml"];
    assert_eq!(places, expected.map(|path| format!("{path}:7:11 memory-limit-missing")));
}

#[test]
fn an_incomplete_run_ends_with_two_whatever_is_asked() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let named = run(bad.path(), &["check", "pod.yaml", "/dev/null", "--exit-zero"]);
    assert_eq!(named.code, 2, "{}{}", named.stdout, named.stderr);
    assert!(named.stdout.contains("no regular file"), "{}", named.stdout);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::Stdio;
    for format in ["text", "json", "sarif"] {
        let mut command = crate::harness::careen(&crate::harness::root());
        command.args(["check", "fixtures/repos/harbor", "--format", format, "--exit-zero"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn explain_shows_the_manual_page() {
    let empty = folder(&[]);
    let run = run(empty.path(), &["explain", "KSV-0018"]);
    assert_eq!(run.code, 0);
    for words in ["memory-limit-missing", "Remedy:", "Bad:", "Good:", "https://kubernetes.io"] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("^^^"), "carets are for tests");
}

#[test]
fn rules_are_listed_for_people_and_programs() {
    let empty = folder(&[]);
    let listed = run(empty.path(), &["rules", "--format", "json"]).json();
    let rules = listed["rules"].as_array().unwrap();
    assert!(rules.len() >= 60, "{}", rules.len());
    for rule in rules {
        for key in ["id", "summary", "remedy", "severity", "linter", "group"] {
            assert!(rule[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {rule}");
        }
    }
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted());
    assert!(run(empty.path(), &["rules"]).stdout.contains("memory-limit-missing"));
}

#[test]
fn completions_are_written() {
    let empty = folder(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let run = run(empty.path(), &["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("careen"), "{shell}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let root = crate::harness::root();
    let once = |threads: &str| {
        let arguments =
            ["check", "fixtures/repos", "--format", "sarif", "--at", AT, "--threads", threads];
        run(&root, &arguments).stdout
    };
    let first = once("1");
    assert!(first.len() > 1_000);
    for threads in ["2", "3", "8"] {
        assert_eq!(once(threads), first, "{threads} threads");
    }
}

#[test]
fn definitions_of_custom_resources_may_come_from_elsewhere() {
    let definition = b"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, \
        metadata: {name: backups.example.com}, spec: {group: example.com, scope: Cluster, \
        names: {kind: Backup, plural: backups}, versions: [{name: v1, served: true, \
        storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: \
        {type: object, properties: {keep: {type: integer}}}}}}}]}}";
    let definitions = folder(&[("crds/backup.yaml", definition), ("notes.txt", b"none")]);
    let object = b"{apiVersion: example.com/v1, kind: Backup, metadata: {name: a}, \
        spec: {keep: all}}";
    let checked = folder(&[("backup.yaml", object)]);
    let rule = ["check", "--format", "json", "--select", "custom-resource-invalid", "--schema"];
    let with = |path: &std::path::Path| {
        let path = path.to_str().expect("a path of ours");
        run(checked.path(), &[&rule[..], &[path]].concat())
    };
    let found = with(definitions.path());
    assert_eq!(found.findings(), ["backup.yaml:1:78 custom-resource-invalid"], "{}", found.stderr);
    let none = with(&definitions.path().join("notes.txt"));
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("no CustomResourceDefinition"), "{}", none.stderr);
}

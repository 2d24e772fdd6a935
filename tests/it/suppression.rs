//! Comments and annotations that suppress.

use crate::harness::{POD, check, folder, run};

fn with(comment: &str) -> Vec<String> {
    let text = POD.replace("  - name: web\n", &format!("  - name: web {comment}\n"));
    let folder = folder(&[("pod.yaml", text.as_bytes())]);
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let run = run(folder.path(), &arguments);
    [run.findings(), run.notes()].concat()
}

#[test]
fn a_comment_suppresses_its_line() {
    assert_eq!(with("# careen: ignore[memory-limit-missing] measured"), Vec::<String>::new());
    assert_eq!(with("# careen: ignore[CKV_K8S_13] a peer's name"), Vec::<String>::new());
    assert_eq!(with("# careen: ignore[host-network] another rule").len(), 1);
}

#[test]
fn suppressions_expire() {
    let until =
        |date: &str| with(&format!("# careen: ignore[memory-limit-missing] x -- until {date}"));
    assert_eq!(until("2026-12-01"), Vec::<String>::new(), "the day itself counts");
    let expired = until("2026-11-30");
    assert_eq!(expired.len(), 2);
    assert!(expired[1].contains("expired on 2026-11-30"), "{expired:?}");
    assert!(until("soon")[1].contains("2027-03-01"));
}

#[test]
fn a_slip_in_a_suppression_is_a_note() {
    assert!(with("# careen: ignore[memory-limits] x")[1].contains("no rule is called"));
    assert!(with("# careen: ignore memory-limit-missing")[1].contains("careen: ignore[rule]"));
}

#[test]
fn a_comment_above_covers_what_follows() {
    let text = POD.replace(
        "  containers:\n",
        "  # careen: ignore[memory-limit-missing] a burst is fine\n  containers:\n",
    );
    let folder = folder(&[("pod.yaml", text.as_bytes())]);
    let run = check(folder.path());
    assert!(!run.findings().iter().any(|line| line.contains("memory-limit-missing")));
    assert!(run.findings().iter().any(|line| line.contains("cpu-request-missing")));
}

#[test]
fn an_annotation_covers_the_object_and_is_shown_on_request() {
    let text = POD.replace(
        "  name: api\n",
        "  name: api\n  annotations:\n    careen.dev/ignore.memory-limit-missing: measured\n",
    );
    let other = format!("{text}---\n{POD}");
    let folder = folder(&[("pod.yaml", other.as_bytes())]);
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let hidden = run(folder.path(), &arguments);
    assert_eq!(hidden.findings(), ["pod.yaml:18:11 memory-limit-missing"]);
    let shown = run(folder.path(), &[&arguments[..], &["--show-suppressed"]].concat());
    let report = shown.json();
    assert_eq!(report["findings"][0]["suppressed"]["reason"], "measured");
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn a_string_that_looks_like_a_comment_suppresses_nothing() {
    let text = POD.replace("name: web\n", "name: \"web # careen: ignore[memory-limit-missing]\"\n");
    let folder = folder(&[("pod.yaml", text.as_bytes())]);
    assert!(check(folder.path()).findings().contains(&"pod.yaml:7:11 memory-limit-missing".into()));
}

#[test]
fn a_secret_is_suppressed_by_its_annotation_and_still_not_shown() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  \
                password: q8Zt-vPw2kLm\n";
    let annotated = text.replace(
        "  name: s\n",
        "  name: s\n  annotations: {careen.dev/ignore.secrets: sealed elsewhere}\n",
    );
    let plain = folder(&[("s.yaml", text.as_bytes())]);
    let arguments = ["check", "--format", "json", "--select", "secrets"];
    assert!(!run(plain.path(), &arguments).findings().is_empty());
    let quiet = folder(&[("s.yaml", annotated.as_bytes())]);
    assert_eq!(run(quiet.path(), &arguments).findings(), Vec::<String>::new());
    let shown = run(quiet.path(), &[&arguments[..], &["--show-suppressed"]].concat());
    assert!(!shown.findings().is_empty());
    assert!(!shown.stdout.contains("q8Zt-vPw2kLm"));
}

#[test]
fn comments_in_other_languages_suppress() {
    let dockerfile = "# careen: ignore[all] a sketch\nFROM node\n# careen: ignore[all]\nRUN a && \\\n  \
                      curl http://a.example | sh\n";
    let folder = folder(&[("Dockerfile", dockerfile.replace('\n', "\r\n").as_bytes())]);
    let run = run(folder.path(), &["check", "--format", "json", "--show-suppressed"]);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() >= 3, "{findings:#?}");
    for finding in findings.iter().filter(|finding| finding["line"].as_u64() >= Some(2)) {
        assert_eq!(finding["suppressed"]["kind"], "comment", "{finding:#?}");
    }
}

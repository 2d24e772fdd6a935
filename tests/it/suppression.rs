//! Comments and annotations that suppress.

use std::fs;

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

/// What `--fix` with these arguments makes of a file, and what it says.
fn fixed(name: &str, text: &str, more: &[&str]) -> (String, String) {
    let folder = folder(&[(name, text.as_bytes())]);
    let arguments = ["check", "--format", "json", "--fix"];
    let run = run(folder.path(), &[&arguments[..], more].concat());
    assert!(run.code < 2, "{}{}", run.stdout, run.stderr);
    (fs::read_to_string(folder.path().join(name)).unwrap(), run.stderr)
}

/// A Pod that suppresses what it has, and what it has not.
const QUIET: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: api
  annotations:
    careen.dev/ignore.host-network: was once needed
    careen.dev/ignore.naked-pod: a sketch
spec:
  # careen: ignore[host-pid] gone
  containers:
  - name: web # careen: ignore[memory-limit-missing, privileged-container] measured
    image: registry.example.com/web:1.4.0   # careen: ignore[ref-latest]
    # trivy:ignore:KSV-0017
    # careen: ignore[memory-limit-mising] a slip
    # careen: ignore[cpu-limit-missing] off by default
    env: []
";

#[test]
fn suppressions_that_cover_nothing_go() {
    let expected = QUIET
        .replace("    careen.dev/ignore.host-network: was once needed\n", "")
        .replace("  # careen: ignore[host-pid] gone\n", "")
        .replace(", privileged-container]", "]")
        .replace("   # careen: ignore[ref-latest]", "");
    let rules = ["--select", "kubernetes,images", "--ignore", "cpu-limit-missing"];
    let (text, said) = fixed("pod.yaml", QUIET, &rules);
    let own_fixes = |text: &str| {
        // What fixes of findings add is not asked about here.
        text.lines().filter(|line| line.contains("ignore")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(own_fixes(&text), own_fixes(&expected), "{text}");
    assert!(said.contains("took 4 suppressions away"), "{said}");

    // They are notes until then, and say so.
    let folder = folder(&[("pod.yaml", QUIET.as_bytes())]);
    let arguments = [&["check", "--format", "json"], &rules[..]].concat();
    let told = run(folder.path(), &arguments);
    let can_go = told.notes().iter().filter(|note| note.contains("`--fix` removes it")).count();
    assert_eq!(can_go, 4, "{:#?}", told.notes());
    let diff = run(folder.path(), &["check", "--diff"]);
    assert_eq!(diff.code, 1);
    assert!(diff.stdout.contains("\n-  # careen: ignore[host-pid] gone\n"), "{}", diff.stdout);
    assert_eq!(fs::read_to_string(folder.path().join("pod.yaml")).unwrap(), QUIET);
}

#[test]
fn suppressions_stay_where_not_everything_was_asked() {
    let lines = |text: &str| text.matches("careen").count();
    // A rule that was not asked for may need it.
    let text = "# careen: ignore-file[all] old\nFROM scratch\nUSER 1000\n";
    let (kept, _) = fixed("Dockerfile", text, &["--select", "kubernetes"]);
    assert_eq!(kept, text);
    // So may one that asks registries.
    let text = QUIET.replace("host-pid", "signature-missing");
    let arguments = ["--select", "signature-missing,host-network"];
    let (kept, _) = fixed("pod.yaml", &text, &arguments);
    assert!(kept.contains("signature-missing") && lines(&kept) == lines(&text) - 1, "{kept}");
    // A part of the tree tells nothing, and other people's files are theirs.
    let folder = folder(&[("vendor/x/pod.yaml", QUIET.as_bytes())]);
    assert!(run(folder.path(), &["check", "--fix"]).code < 2);
    assert_eq!(fs::read_to_string(folder.path().join("vendor/x/pod.yaml")).unwrap(), QUIET);
}

#[test]
fn expired_suppressions_go_on_request() {
    let text = QUIET.replace("gone\n", "gone -- until 2026-11-30\n");
    let kept = |text: &str| text.contains("host-pid");
    let rules = ["--select", "host-pid"];
    let (safe, _) = fixed("pod.yaml", &text, &rules);
    assert!(kept(&safe));
    let (gone, said) = fixed("pod.yaml", &text, &[&rules[..], &["--unsafe-fixes"]].concat());
    assert!(!kept(&gone), "{gone}");
    assert!(said.contains("took 1 suppression away"), "{said}");
}

#[test]
fn comments_of_every_language_go_as_a_whole_or_not_at_all() {
    for (name, text, expected) in [
        (
            "a.js",
            "// careen: ignore[secret-assigned] x\nlet a = 1; // careen: ignore[secret-assigned]\n",
            "let a = 1;\n",
        ),
        ("a.html", "<!-- careen: ignore[secret-assigned] --> <p>\n", ""),
        ("a.css", "a { } /* careen: ignore[secret-assigned] x */\n", "a { }\n"),
        ("b.css", "/*\n * careen: ignore[secret-assigned] x\n */\n", "/*\n */\n"),
        ("c.css", "/* careen: ignore[secret-assigned]\n */\n", ""),
        (
            "a.sh",
            "a=1\r\n## careen: ignore[secret-assigned]\r\nb=2 # careen: ignore[secret-assigned] # careen: \
             ignore[password-assigned]\r\n",
            "a=1\r\nb=2\r\n",
        ),
    ] {
        // In a file that is no artifact and has no finding, nothing is read; so there is one.
        let finding = "# password = 'q8Zt-vPw2kLm'\n";
        let whole = format!("{text}{finding}");
        let (fixed, _) = fixed(name, &whole, &["--select", "secrets"]);
        let expected = if expected.is_empty() { text } else { expected };
        assert_eq!(fixed, format!("{expected}{finding}"), "{name}");
    }
}

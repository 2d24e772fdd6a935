//! Reports of scanners, real and as documented: what is measured, exactly.
//!
//! `samples/SCANS.md` says where each comes from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_evidence::{Evidence, Kind, Measure, read, sniff};

const SARIF_KINDS: [(&str, &str); 6] = [
    ("hadolint-2.15.1", "Hadolint 2.15.1"),
    ("ruff-0.17.6", "ruff 0.17.6"),
    ("bandit-1.9.4", "Bandit 1.9.4"),
    ("trivy-0.59.1", "Trivy 0.59.1"),
    ("trivy-0.59.1-vulnerabilities", "Trivy 0.59.1"),
    ("kingfisher-2.14.0", "kingfisher 2.14.0"),
];

/// All samples of this file.
const ALL: [(Kind, &str); 20] = [
    (Kind::Sarif, "hadolint-2.15.1"),
    (Kind::Sarif, "ruff-0.17.6"),
    (Kind::Sarif, "bandit-1.9.4"),
    (Kind::Sarif, "trivy-0.59.1"),
    (Kind::Sarif, "trivy-0.59.1-vulnerabilities"),
    (Kind::Sarif, "kingfisher-2.14.0"),
    (Kind::Trivy, "trivy-0.59.1-folder"),
    (Kind::Trivy, "trivy-0.59.1-image"),
    (Kind::Grype, "documented-0.86"),
    (Kind::Osv, "documented-2.2"),
    (Kind::CycloneDx, "trivy-0.59.1"),
    (Kind::CycloneDx, "syft-1.18.1"),
    (Kind::CycloneDx, "cyclonedx-py-7.5.0"),
    (Kind::DependencyCheck, "documented-12.2"),
    (Kind::Scorecard, "documented-5.0"),
    (Kind::SonarQube, "documented-gate-ok"),
    (Kind::SonarQube, "documented-gate-error"),
    (Kind::SonarQube, "documented-issues"),
    (Kind::Reviews, "documented-gh-2"),
    (Kind::Kubectl, "documented-1.34"),
];

fn sample(kind: Kind, name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples");
    std::fs::read_to_string(format!("{folder}/{kind}/{name}.json")).unwrap()
}

fn evidence(kind: Kind, name: &str) -> Evidence {
    read(kind, sample(kind, name).as_bytes()).unwrap()
}

fn counts(kind: Kind, text: &str) -> String {
    read(kind, text.as_bytes()).unwrap().measures.show()
}

fn refused(kind: Kind, text: &str) -> String {
    read(kind, text.as_bytes()).unwrap_err().message
}

#[test]
fn every_sample_is_recognised_and_read() {
    for (kind, name) in ALL {
        let text = sample(kind, name);
        assert_eq!(sniff(&text), Some(kind), "{kind}/{name}");
        let evidence = read(kind, text.as_bytes()).unwrap();
        assert_eq!(evidence.kind, kind);
        for issue in &evidence.issues {
            let lines = format!("{}{}", issue.name, issue.message);
            assert!(!lines.contains(char::is_control), "{kind}/{name}: {lines}");
            assert!(issue.name.chars().count() <= 200 && issue.message.chars().count() <= 300);
            assert!(!lines.contains("XXXX") && !lines.contains("****"), "{kind}/{name}: {lines}");
        }
    }
}

#[test]
fn no_report_is_taken_for_one_of_another_kind() {
    for (of, name) in ALL {
        let text = sample(of, name);
        for kind in ALL.map(|(kind, _)| kind).into_iter().filter(|kind| *kind != of) {
            assert!(read(kind, text.as_bytes()).is_err(), "{of}/{name} as {kind}");
        }
    }
}

#[test]
fn sarif_counts_by_score_or_level() {
    let shown = SARIF_KINDS.map(|(name, tool)| {
        let evidence = evidence(Kind::Sarif, name);
        assert_eq!(evidence.tool.as_deref(), Some(tool));
        evidence.measures.show()
    });
    let none = "suppressed 0, error-level";
    assert_eq!(
        shown,
        [
            format!("critical 0, high 0, medium 5, low 2, unrated 0, {none} 0"),
            format!("critical 0, high 6, medium 0, low 0, unrated 0, {none} 6"),
            format!("critical 0, high 1, medium 1, low 2, unrated 0, {none} 1"),
            format!("critical 1, high 2, medium 2, low 1, unrated 0, {none} 3"),
            format!("critical 1, high 1, medium 0, low 0, unrated 1, {none} 2"),
            format!("critical 0, high 0, medium 0, low 0, unrated 1, {none} 0"),
        ]
    );
    let bandit = evidence(Kind::Sarif, "bandit-1.9.4");
    assert_eq!(bandit.produced_at, Some(1_795_716_677));
    let trivy = evidence(Kind::Sarif, "trivy-0.59.1-vulnerabilities");
    assert_eq!(trivy.about, ["vulnerabilities"]);
    assert_eq!(trivy.issues[0].name, "CVE-2099-0001");
    assert!(evidence(Kind::Sarif, "trivy-0.59.1").about.is_empty());
}

fn run(body: &str) -> String {
    format!(
        r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "t", "rules": [
        {{"id": "A", "defaultConfiguration": {{"level": "error"}}}},
        {{"id": "B", "properties": {{"security-severity": "9.1"}}}}]}}}}, {body}}}]}}"#
    )
}

#[test]
fn sarif_leaves_out_what_is_no_failure() {
    let text = run(
        r#""versionControlProvenance": [{"repositoryUri": "x", "revisionId": "ABCDEF0123"}],
      "invocations": [{"executionSuccessful": true, "startTimeUtc": "2026-11-26T10:00:00Z", "endTimeUtc": "2026-11-26T11:00:00Z"}],
      "results": [
        {"ruleId": "A", "message": {"text": "m"}},
        {"ruleId": "A", "level": "note", "message": {"text": "m"}},
        {"ruleId": "A", "kind": "pass", "message": {"text": "m"}},
        {"ruleId": "A", "kind": "open", "level": "none", "message": {"text": "m"}},
        {"ruleId": "A", "baselineState": "absent", "message": {"text": "m"}},
        {"ruleId": "A", "level": "none", "message": {"text": "m"}},
        {"ruleId": "B", "message": {"text": "m"}},
        {"ruleId": "C", "message": {"text": "m"}},
        {"ruleId": "A", "suppressions": [{"kind": "inSource"}], "message": {"text": "m"}},
        {"ruleId": "A", "suppressions": [{"kind": "external", "status": "accepted"}], "message": {"text": "m"}},
        {"ruleId": "A", "suppressions": [{"kind": "external", "status": "underReview"}], "message": {"text": "m"}},
        {"ruleId": "A", "suppressions": [{"kind": "external"}, {"kind": "external", "status": "rejected"}], "message": {"text": "m"}},
        {"ruleId": "A", "suppressions": [], "message": {"text": "m"}}]"#,
    );
    let evidence = read(Kind::Sarif, text.as_bytes()).unwrap();
    assert_eq!(
        evidence.measures.show(),
        "critical 1, high 4, medium 1, low 1, unrated 1, suppressed 2, error-level 4"
    );
    assert_eq!(evidence.commit.as_deref(), Some("abcdef0123"));
    assert_eq!(evidence.produced_at, Some(1_795_687_200));
}

#[test]
fn a_scan_that_failed_proves_nothing() {
    let failed = r#""invocations": [{"executionSuccessful": false, "exitCode": 2}], "results": []"#;
    for (text, word) in
        [(run(failed), "exit code 2"), (run(r#""columnKind": "utf16CodeUnits""#), "did not look")]
    {
        let evidence = read(Kind::Sarif, text.as_bytes()).unwrap();
        assert_eq!(evidence.measures.show(), "gate 0");
        assert!(evidence.issues[0].message.contains(word), "{:?}", evidence.issues);
    }
    assert!(refused(Kind::Sarif, r#"{"version": "2.1.0", "runs": []}"#).contains("no runs"));
    assert!(refused(Kind::Sarif, r#"{"version": "1.0.0", "runs": []}"#).contains("2.1.0"));
    let text = sample(Kind::DependencyCheck, "documented-12.2");
    let failed = text.replace(
        "\"dataSource\"",
        "\"analysisExceptions\": [{\"exception\": {\"message\": \"x\"}}], \"dataSource\"",
    );
    assert_eq!(counts(Kind::DependencyCheck, &failed), "gate 0");
}

#[test]
fn vulnerabilities_count_by_severity() {
    for (kind, name, expected) in [
        (
            Kind::Trivy,
            "trivy-0.59.1-image",
            "critical 1, high 1, medium 0, low 0, unrated 1, suppressed 1",
        ),
        (
            Kind::Grype,
            "documented-0.86",
            "critical 1, high 0, medium 0, low 1, unrated 1, suppressed 1",
        ),
        (
            Kind::Osv,
            "documented-2.2",
            "critical 2, high 0, medium 1, low 0, unrated 1, suppressed 0",
        ),
        (
            Kind::CycloneDx,
            "trivy-0.59.1",
            "critical 1, high 1, medium 0, low 0, unrated 1, suppressed 0",
        ),
        (
            Kind::DependencyCheck,
            "documented-12.2",
            "critical 1, high 0, medium 1, low 0, unrated 1, suppressed 1",
        ),
        // Without packages, what was not found is not 0.
        (Kind::Trivy, "trivy-0.59.1-folder", "critical 1, high 2, medium 2, low 1"),
        (Kind::CycloneDx, "syft-1.18.1", ""),
        (Kind::CycloneDx, "cyclonedx-py-7.5.0", ""),
    ] {
        assert_eq!(evidence(kind, name).measures.show(), expected, "{kind}/{name}");
    }
}

#[test]
fn reports_say_what_they_speak_of() {
    let digest = format!("registry.example.com/shop/api@sha256:{}", "3".repeat(64));
    let trivy = evidence(Kind::Trivy, "trivy-0.59.1-image");
    assert_eq!(trivy.produced_at, Some(1_795_162_530));
    assert_eq!(
        trivy.issues[0].message,
        "libexample 1.0 in registry.example.com/shop/api:1.2.3 (debian 12.8), fixed in 1.1"
    );
    let grype = evidence(Kind::Grype, "documented-0.86");
    assert_eq!(grype.tool.as_deref(), Some("Grype 0.86.1"));
    assert_eq!(grype.produced_at, Some(1_795_161_600));
    for evidence in [&trivy, &grype] {
        assert!(evidence.about.contains(&digest), "{:?}", evidence.about);
        assert!(evidence.about.contains(&format!("sha256:{}", "1".repeat(64))));
    }
    let check = evidence(Kind::DependencyCheck, "documented-12.2");
    assert_eq!(check.tool.as_deref(), Some("dependency-check 12.2.0"));
    assert_eq!((check.produced_at, check.about), (Some(1_795_161_600), vec!["shop".to_owned()]));
    let syft = evidence(Kind::CycloneDx, "syft-1.18.1");
    assert_eq!(syft.tool.as_deref(), Some("syft 1.18.1"));
    assert!(syft.produced_at.is_some());
    let trivy = evidence(Kind::CycloneDx, "trivy-0.59.1");
    assert!(trivy.about.contains(&format!("sha256:{}", "3".repeat(64))), "{:?}", trivy.about);
    let old = r#"{"bomFormat": "CycloneDX", "specVersion": "1.4", "metadata": {"tools": [{"vendor": "v", "name": "a", "version": "1"}],
      "component": {"name": "api", "version": "sha256:00", "purl": "pkg:oci/api"}}, "vulnerabilities": []}"#;
    let old = read(Kind::CycloneDx, old.as_bytes()).unwrap();
    assert_eq!(old.tool.as_deref(), Some("a 1"));
    assert_eq!(old.about, ["api", "api@sha256:00", "pkg:oci/api"]);
}

#[test]
fn vex_declares_harmless() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [
      {"id": "1", "ratings": [{"severity": "low"}, {"severity": "critical"}], "affects": [{"ref": "a"}, {"ref": "b"}]},
      {"id": "2", "ratings": [{"score": 7.5, "method": "CVSSv31"}], "analysis": {"state": "in_triage"}},
      {"id": "3", "ratings": [{"score": 20, "method": "OWASP"}], "analysis": {"state": "exploitable"}},
      {"id": "4", "ratings": [{"severity": "critical"}], "analysis": {"state": "not_affected"}},
      {"id": "5", "analysis": {"state": "false_positive"}}, {"id": "6", "analysis": {"state": "resolved"}},
      {"id": "7", "analysis": {"state": "resolved_with_pedigree"}}, {"id": "8", "rejected": "2026-01-01T00:00:00Z"}]}"#;
    let shown = "critical 1, high 1, medium 0, low 0, unrated 1, suppressed 5";
    assert_eq!(counts(Kind::CycloneDx, text), shown);
}

#[test]
fn gates_pass_only_with_ok() {
    let ok = sample(Kind::SonarQube, "documented-gate-ok");
    assert_eq!(counts(Kind::SonarQube, &ok), "error-level 0, gate 1");
    for status in ["WARN", "NONE", "ERROR"] {
        let other = ok.replacen("\"OK\"", &format!("\"{status}\""), 1);
        assert_eq!(counts(Kind::SonarQube, &other), "error-level 0, gate 0", "{status}");
    }
    let failed = evidence(Kind::SonarQube, "documented-gate-error");
    assert_eq!(failed.measures.show(), "error-level 2, gate 0");
    assert_eq!(failed.issues[0].message, "is 55.1, which is less than 80");
    let issues = sample(Kind::SonarQube, "documented-issues");
    assert_eq!(
        counts(Kind::SonarQube, &issues),
        "critical 1, high 0, medium 1, low 0, unrated 0, suppressed 1"
    );
    let more = issues.replace("\"total\": 4}", "\"total\": 5}");
    assert!(refused(Kind::SonarQube, &more).contains("4 of 5"));
}

#[test]
fn scores_are_between_0_and_10() {
    let evidence = evidence(Kind::Scorecard, "documented-5.0");
    assert_eq!(evidence.measures.get(Measure::Score), Some(7.4));
    assert_eq!(evidence.tool.as_deref(), Some("Scorecard v5.0.0"));
    assert_eq!(evidence.commit.as_deref(), Some("0123456789abcdef0123456789abcdef01234567"));
    let names: Vec<_> = evidence.issues.iter().map(|issue| issue.name.as_str()).collect();
    assert_eq!(names, ["SAST", "Branch-Protection", "CI-Tests"]);
    let text = sample(Kind::Scorecard, "documented-5.0");
    for score in ["-1", "11", "1e300"] {
        let other = text.replace("7.4", score);
        assert!(refused(Kind::Scorecard, &other).contains("no score"), "{score}");
    }
}

#[test]
fn reviews_are_of_somebody_else() {
    let github = evidence(Kind::Reviews, "documented-gh-2");
    assert_eq!(github.measures.show(), "changes 5, unreviewed 3");
    let names: Vec<_> = github.issues.iter().map(|issue| issue.name.as_str()).collect();
    assert_eq!(names, ["#11", "#10", "#9"]);
    assert_eq!(github.produced_at, Some(1_795_168_800));
    let gitlab = sample(Kind::Reviews, "documented-gitlab-17");
    assert_eq!(sniff(&gitlab), Some(Kind::Reviews));
    assert_eq!(counts(Kind::Reviews, &gitlab), "changes 2, unreviewed 1");
    assert!(refused(Kind::Reviews, "[]").contains("no merged change"));
    let without =
        r#"[{"number": 1, "author": {"login": "a"}, "mergedAt": "2026-11-20T10:00:00Z"}]"#;
    assert!(refused(Kind::Reviews, without).contains("who reviewed change 1"));
    let nobody = r#"[{"number": 1, "author": {"login": ""}, "mergedAt": "2026-11-20T10:00:00Z",
      "reviews": [{"author": {"login": "bob"}, "state": "APPROVED"}]}]"#;
    assert_eq!(counts(Kind::Reviews, nobody), "changes 1, unreviewed 1");
}

#[test]
fn dumps_count_objects_and_know_their_time() {
    let dump = evidence(Kind::Kubectl, "documented-1.34");
    assert_eq!(dump.measures.show(), "objects 2");
    assert_eq!(dump.produced_at, Some(1_795_694_400));
    let manifest = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}"#;
    assert_eq!(sniff(manifest), None);
    assert!(refused(Kind::Kubectl, manifest).contains("manifest"));
}

#[test]
fn other_json_is_not_what_it_seems() {
    // Semgrep, Bandit: `results` too.
    for text in [
        r#"{"version": "1.0", "results": [], "errors": [], "paths": {"scanned": []}}"#,
        r#"{"errors": [], "generated_at": "2026", "metrics": {}, "results": []}"#,
        r#"{"results": []}"#,
        r#"{"a": 1}"#,
        "[]",
        "[1]",
        "null",
        "",
    ] {
        assert_eq!(sniff(text), None, "{text}");
    }
    assert!(refused(Kind::Osv, r#"{"results": [], "errors": []}"#).contains("another tool"));
    assert!(
        refused(Kind::Trivy, r#"{"SchemaVersion": 1, "ArtifactName": "a"}"#).contains("version 2")
    );
    assert!(refused(Kind::Trivy, r#"{"SchemaVersion": 2}"#).contains("names no artifact"));
    let other = r#"{"matches": [], "descriptor": {"name": "syft"}}"#;
    assert!(refused(Kind::Grype, other).contains("another tool"));
    let other = r#"{"bomFormat": "SPDX", "specVersion": "2.3"}"#;
    assert!(refused(Kind::CycloneDx, other).contains("bomFormat"));
    let empty = r#"{"reportSchema": "1.1", "dependencies": []}"#;
    assert_eq!(counts(Kind::DependencyCheck, empty), "");
}

#[test]
fn hostile_json_is_refused_with_a_sentence() {
    let deep = "[".repeat(100_000);
    let nested = format!("{{\"x\": {deep}");
    for (kind, _) in ALL {
        for text in ["", "{", "\u{0}", "{\"a\":", "{}{}", "{\"a\": 1e999}", "\"x\"", &deep, &nested]
        {
            let trouble = read(kind, text.as_bytes()).unwrap_err();
            assert!(
                !trouble.message.is_empty() && trouble.message.len() < 300,
                "{kind}: {trouble}"
            );
            assert_ne!(sniff(text), Some(kind));
        }
    }
    // A value of a wrong type is not quoted: it may be a secret.
    let text = r#"{"SchemaVersion": 2, "ArtifactName": ["hunter2"]}"#;
    let trouble = read(Kind::Trivy, text.as_bytes()).unwrap_err();
    assert_eq!(trouble.line, Some(1));
    assert!(!trouble.message.contains("hunter2") && trouble.message.contains("another type"));
    let text = "{\"SchemaVersion\": 2,\n \"Results\": [{\"Vulnerabilities\": [{}]}]}";
    let trouble = read(Kind::Trivy, text.as_bytes()).unwrap_err();
    assert_eq!((trouble.line, trouble.message.contains("`VulnerabilityID`")), (Some(2), true));
    let many = format!("[{}0]", "0,".repeat(8_000_001));
    assert!(refused(Kind::Reviews, &many).contains("8000000"));
}

#[test]
fn issues_are_kept_up_to_a_number() {
    let result = r#"{"ruleId": "A", "message": {"text": "m"}}"#;
    let worst = r#"{"ruleId": "B", "message": {"text": "m"}}"#;
    let text = run(&format!("\"results\": [{}{worst}]", format!("{result},").repeat(250)));
    let evidence = read(Kind::Sarif, text.as_bytes()).unwrap();
    assert_eq!((evidence.issues.len(), evidence.more_issues), (100, 151));
    assert_eq!(evidence.issues[0].name, "B");
}

mod mutated {
    use proptest::prelude::*;

    use super::{ALL, read, sample, sniff};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a byte becomes, nothing panics, and what is read keeps to its limits.
        #[test]
        fn nothing_panics(which in 0..ALL.len(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<Option<prop::sample::Index>>()) {
            let (kind, name) = ALL[which];
            let mut bytes = sample(kind, name).into_bytes();
            for (index, byte) in edits {
                let at = index.index(bytes.len());
                // Bytes that mean something to JSON, so that not all is refused at once.
                let known = b"{}[],:\"0129-.eEtfn \\u";
                bytes[at] = if byte < 128 { known[usize::from(byte) % known.len()] } else { byte };
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            if let Ok(text) = std::str::from_utf8(&bytes) {
                let _ = sniff(text);
            }
            if let Ok(evidence) = read(kind, &bytes) {
                prop_assert!(evidence.issues.len() <= 100);
                prop_assert!(evidence.measures.iter().all(|(_, value)| value >= 0.0));
            }
        }
    }
}

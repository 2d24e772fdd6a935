use careen_audit_model::Audit;
use serde_json::{Value, json};

use crate::audit::sample::{AT, EVIL, go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

fn text(audit: &Audit) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Vsa, &Options::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn statement(audit: &Audit) -> Value {
    serde_json::from_str(&text(audit)).unwrap()
}

#[test]
fn a_failure_is_said_in_the_words_of_the_standard() {
    let audit = sample();
    let tree = audit.subject.tree.trim_start_matches("sha256:");
    let checklist = audit.subject.checklist_digest.trim_start_matches("sha256:");
    let expected = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": ".", "digest": { "sha256": tree } }],
        "predicateType": "https://slsa.dev/verification_summary/v1",
        "predicate": {
            "verifier": {
                "id": "https://careen.dev/audit",
                "version": { (&audit.tool.name): audit.tool.version },
            },
            "timeVerified": "2026-11-26T12:00:00Z",
            "resourceUri": format!("nih:sha-256;{tree}"),
            "policy": {
                "uri": "docs/production.md",
                "digest": { "sha256": checklist },
                "annotations": { "rulesDigest": audit.subject.rules_digest, "phase": "before" },
            },
            "inputAttestations": [
                input(&audit, "evidence/cluster.json"),
                input(&audit, "evidence/junit.xml"),
                input(&audit, "evidence/lcov.info"),
            ],
            "verificationResult": "FAILED",
            "verifiedLevels": ["FAILED"],
            "slsaVersion": "1.1",
            "https://careen.dev/audit/verdict": {
                "outcome": "no-go",
                "line": "NO-GO: 5 blockers",
                "blockers": audit.verdict.blockers,
                "waivers": audit.verdict.waivers,
            },
        },
    });
    assert_eq!(statement(&audit), expected);
}

fn input(audit: &Audit, path: &str) -> Value {
    let record = audit.evidence.iter().find(|record| record.path == path).unwrap();
    json!({ "uri": path, "digest": { "sha256": record.sha256 } })
}

#[test]
fn what_is_waived_passes_and_says_so() {
    for (audit, outcome) in [(waived(), "go-with-waivers"), (go(), "go")] {
        let predicate = &statement(&audit)["predicate"];
        assert_eq!(predicate["verificationResult"], "PASSED");
        assert_eq!(predicate["verifiedLevels"], json!([]));
        assert_eq!(predicate["https://careen.dev/audit/verdict"]["outcome"], outcome);
    }
    assert!(statement(&go())["predicate"].get("inputAttestations").is_none());
}

/// A digest of the commit on a statement about other content would make it one about the commit.
#[test]
fn the_commit_is_named_only_if_it_is_what_was_judged() {
    let mut audit = sample();
    assert!(audit.subject.dirty);
    assert!(statement(&audit)["subject"][0]["digest"].get("gitCommit").is_none());
    audit.subject.dirty = false;
    let commit = audit.subject.commit.clone().unwrap();
    assert_eq!(statement(&audit)["subject"][0]["digest"]["gitCommit"], *commit);
    assert!(statement(&go())["subject"][0]["digest"].get("gitCommit").is_none());
}

#[test]
fn hostile_words_stay_data() {
    let mut audit = hostile();
    audit.subject.dirty = false;
    let text = text(&audit);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']) && !text.contains("##vso["));
    let statement: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(statement["subject"][0]["digest"]["gitCommit"], EVIL);
    let uri = statement["predicate"]["policy"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("%3A%3Aset-output"), "{uri}");
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    assert_eq!(text(&sample()), text(&sample()));
    let mut later = sample();
    later.at = AT + 1;
    assert_ne!(text(&later), text(&sample()));
}

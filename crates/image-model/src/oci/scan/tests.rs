use serde_json::{Value, json};

use super::{ScanReport, ScanSeverity};
use crate::oci::{Attestation, Covers, Verdict};

fn digest(digit: &str) -> String {
    format!("sha256:{}", digit.repeat(64))
}

fn parsed(value: &Value) -> ScanReport {
    ScanReport::parse(&value.to_string()).unwrap()
}

fn trivy() -> Value {
    json!({
        "SchemaVersion": 2,
        "CreatedAt": "2026-11-30T10:00:00.5Z",
        "ArtifactName": "registry.example.com/app:1",
        "ArtifactType": "container_image",
        "Metadata": {
            "ImageID": digest("a"),
            "DiffIDs": [digest("b")],
            "RepoTags": ["registry.example.com/app:1"],
            "RepoDigests": [format!("registry.example.com/app@{}", digest("c"))],
        },
        "Results": [
            {"Target": "x", "Vulnerabilities": [
                {"VulnerabilityID": "CVE-2026-1", "PkgName": "openssl", "InstalledVersion": "3.0.1",
                 "FixedVersion": "3.0.2", "Severity": "CRITICAL"},
                {"VulnerabilityID": "CVE-2026-1", "PkgName": "openssl", "InstalledVersion": "3.0.1",
                 "Severity": "CRITICAL"},
                {"VulnerabilityID": "CVE-2026-2", "PkgName": "zlib", "Severity": 7},
                null,
            ]},
            {"Target": "y"},
        ],
    })
}

#[test]
fn trivy_json() {
    let report = parsed(&trivy());
    assert_eq!((report.scanner.as_str(), report.findings.len()), ("trivy", 2));
    assert_eq!(report.scanned, Some(1_796_032_800));
    assert_eq!(report.digests[0].as_str(), digest("c"));
    assert_eq!(report.image_ids[0].as_str(), digest("a"));
    assert_eq!(report.diff_ids.len(), 1);
    assert_eq!(report.findings[0].fixed.as_deref(), Some("3.0.2"));
    assert_eq!(report.findings[1].severity, ScanSeverity::Unknown);
    let mut secrets = trivy();
    secrets["Results"] = json!([{"Target": "x", "Class": "secret"}]);
    assert_eq!(ScanReport::parse(&secrets.to_string()), None);
    let mut folder = trivy();
    folder["ArtifactType"] = json!("filesystem");
    assert_eq!(ScanReport::parse(&folder.to_string()), None);
}

#[test]
fn grype_json() {
    let report = parsed(&json!({
        "matches": [
            {"vulnerability": {"id": "GHSA-1", "severity": "High",
                               "fix": {"versions": ["2.0"], "state": "fixed"},
                               "knownExploited": [{"cve": "CVE-2026-1"}]},
             "relatedVulnerabilities": [{"id": "CVE-2026-1"}],
             "artifact": {"name": "lodash", "version": "1.0", "purl": "pkg:npm/lodash@1.0"}},
            {"vulnerability": {"id": "CVE-2026-2", "severity": "Negligible",
                               "fix": {"versions": [], "state": "wont-fix"}},
             "artifact": {"name": "tar", "version": "1"}},
        ],
        "source": {"type": "image", "target": {
            "userInput": "app:1", "imageID": digest("a"), "manifestDigest": digest("c"),
            "repoDigests": [format!("app@{}", digest("d"))], "tags": [], "layers": [],
        }},
        "descriptor": {"name": "grype", "version": "0.100.0", "timestamp": "2026-11-30T00:00:00Z",
                       "db": {"status": {"built": "2026-11-29T00:00:00Z"}}},
    }));
    assert_eq!(report.digests.len(), 2);
    assert_eq!(report.database.zip(report.scanned).map(|(a, b)| b - a), Some(86_400));
    assert!(report.findings[0].exploited && report.findings[0].aliases == ["CVE-2026-1"]);
    assert_eq!(report.findings[1].fixed, None);
    assert_eq!(report.findings[1].severity, ScanSeverity::Negligible);
}

#[test]
fn osv_scanner_json() {
    let report = parsed(&json!({
        "results": [{"source": {"path": "x"}, "packages": [{
            "package": {"name": "zlib", "version": "1.2"},
            "vulnerabilities": [
                {"id": "DSA-1", "aliases": ["CVE-2026-1"], "affected": [
                    {"package": {"name": "zlib"},
                     "ranges": [{"events": [{"introduced": "0"}, {"fixed": "1.3"}]}]}]},
                {"id": "CVE-2026-1"},
                {"id": "CVE-2026-2"},
            ],
            "groups": [
                {"ids": ["DSA-1", "CVE-2026-1"], "max_severity": "9.8"},
                {"ids": ["CVE-2026-2"], "experimental_analysis": {"CVE-2026-2": {"called": false}}},
            ],
        }]}],
        "image_metadata": {"layer_metadata": [{"diff_id": digest("b")}, {"diff_id": ""}]},
    }));
    assert_eq!((report.diff_ids.len(), report.findings.len()), (1, 1));
    assert_eq!(report.findings[0].severity, ScanSeverity::Critical);
    assert_eq!(report.findings[0].fixed.as_deref(), Some("1.3"));
}

fn cyclonedx(state: Option<&str>) -> Value {
    let mut document = json!({
        "bomFormat": "CycloneDX",
        "metadata": {
            "timestamp": "2026-11-30T00:00:00Z",
            "tools": {"components": [{"name": "trivy", "version": "0.69"}]},
            "component": {
                "type": "container", "name": "app:1",
                "purl": format!("pkg:oci/app@{}?arch=amd64", digest("c").replace(':', "%3A")),
                "properties": [
                    {"name": "aquasecurity:trivy:ImageID", "value": digest("a")},
                    {"name": "aquasecurity:trivy:DiffID", "value": digest("b")},
                ],
            },
        },
        "components": [{"bom-ref": "1", "name": "zlib", "version": "1.2", "purl": "pkg:apk/zlib@1.2"}],
        "vulnerabilities": [{
            "id": "CVE-2026-1", "ratings": [{"severity": "low"}, {"score": 9.1}],
            "affects": [{"ref": "1"}, {"ref": "2"}],
            "recommendation": "Upgrade zlib to version 1.3",
        }],
    });
    if let Some(state) = state {
        document["vulnerabilities"][0]["analysis"] = json!({"state": state});
    }
    document
}

#[test]
fn cyclonedx_json() {
    let report = parsed(&cyclonedx(None));
    assert_eq!((report.scanner.as_str(), report.findings.len()), ("trivy", 1));
    assert_eq!(report.digests[0].as_str(), digest("c"));
    assert_eq!((report.image_ids.len(), report.diff_ids.len()), (1, 1));
    assert_eq!(report.findings[0].severity, ScanSeverity::Critical);
    assert_eq!(report.findings[0].fixed.as_deref(), Some("1.3"));
    let judged = parsed(&cyclonedx(Some("not_affected")));
    assert!(judged.statements[0].harmless);
    assert_eq!(judged.statements[0].vulnerabilities, [judged.findings[0].id.as_str()]);
    assert_eq!(judged.statements[0].products, ["pkg:apk/zlib@1.2", "2"]);
    let mut list = cyclonedx(None);
    list["vulnerabilities"] = json!([]);
    assert_eq!(ScanReport::parse(&list.to_string()), None);
}

#[test]
fn sarif_of_an_image() {
    let report = parsed(&json!({
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "Trivy", "version": "0.69", "rules": [
                {"id": "CVE-2026-1", "properties": {"tags": ["vulnerability"], "security-severity": "9.8"}},
                {"id": "DS-0002", "properties": {"tags": ["misconfiguration"]}},
            ]}},
            "results": [
                {"ruleId": "CVE-2026-1", "message": {"text":
                    "Package: zlib\nInstalled Version: 1.2\nVulnerability CVE-2026-1\nFixed Version: 1.3\nLink: x"}},
                {"ruleId": "DS-0002", "message": {"text": "Package: no"}},
            ],
            "properties": {"imageName": "app:1", "imageID": digest("a"), "repoDigests": [], "repoTags": []},
        }],
    }));
    assert_eq!((report.scanner.as_str(), report.findings.len()), ("trivy", 1));
    assert_eq!(report.findings[0].severity, ScanSeverity::Critical);
    assert_eq!(report.findings[0].fixed.as_deref(), Some("1.3"));
}

fn attested(predicate_type: &str, predicate: Value) -> Option<ScanReport> {
    ScanReport::of(&Attestation {
        predicate_type: predicate_type.to_owned(),
        place: String::new(),
        covers: Covers::Manifest,
        verdict: Verdict::Valid,
        identity: None,
        time: None,
        predicate,
    })
}

#[test]
fn attestations() {
    let cosign = json!({
        "scanner": {"uri": "pkg:github/aquasecurity/trivy@1", "db": {"lastUpdate": "2026-11-29T00:00:00Z"},
                    "result": trivy()},
        "metadata": {"scanFinishedOn": "2026-11-30T12:00:00Z"},
    });
    let report = attested("https://cosign.sigstore.dev/attestation/vuln/v1", cosign).unwrap();
    assert_eq!((report.findings.len(), report.database.is_some()), (2, true));
    assert_eq!(report.scanned, Some(1_796_040_000));
    let in_toto = json!({
        "scanner": {"uri": "https://example.com/grype/", "result": [
            {"id": "CVE-2026-1", "severity": [{"method": "nvd", "score": "7.5"}]}]},
    });
    let report = attested("https://in-toto.io/attestation/vulns/v0.1", in_toto).unwrap();
    assert_eq!(
        (report.scanner.as_str(), report.findings[0].severity),
        ("grype", ScanSeverity::High)
    );
    assert_eq!(attested("https://in-toto.io/attestation/vulns/v0.1", json!([])), None);
    assert_eq!(attested("https://example.com/qa", json!({"scanner": {}})), None);
}

#[test]
fn openvex() {
    let report = parsed(&json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "statements": [
            {"vulnerability": {"name": "CVE-2026-1"}, "status": "not_affected", "products": [
                {"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:apk/alpine/zlib@1.2"}]},
                {"@id": "pkg:oci/other"}]},
            {"vulnerability": "CVE-2026-2", "status": "affected", "products": ["app"]},
            7,
        ],
    }));
    assert!(!report.is_scan());
    assert_eq!(report.statements[0].products, ["pkg:apk/alpine/zlib@1.2", "pkg:oci/other"]);
    assert!(report.statements[0].harmless && !report.statements[1].harmless);
}

#[test]
fn other_json_is_no_report() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"SchemaVersion":2,"ArtifactName":"x""#,
        r#"{"matches":[],"descriptor":{"name":"syft"},"source":{"type":"image","target":{}}}"#,
        r#"{"runs":[{"results":[]}],"repoDigests":1}"#,
        r#"{"results":{},"image_metadata":{}}"#,
        r#"{"SchemaVersion":"2","ArtifactName":"x","ArtifactType":"container_image"}"#,
    ] {
        assert_eq!(ScanReport::parse(text), None, "{text}");
    }
}

#[test]
fn any_part_may_be_missing() {
    // Every value of a report in turn is another one: nothing fails.
    for whole in [trivy(), cyclonedx(Some("resolved"))] {
        let text = whole.to_string();
        for (at, _) in text.match_indices(':') {
            for other in ["null,\"x\":", "[],\"x\":", "{},\"x\":", "-1e9,\"x\":"] {
                let mut changed = text.clone();
                changed.insert_str(at + 1, other);
                let _ = ScanReport::parse(&changed);
            }
        }
    }
}

use serde_json::Value;

use super::{FINDINGS_MAX, ScanFinding, ScanReport, ScanSeverity};
use crate::oci::json::{at, items, owned, text, texts};
use crate::oci::{Digest, unix_seconds};

/// Reads trivy's JSON, version 2 of its schema, of an image. One that looked for secrets or
/// misconfigurations alone is no report about vulnerabilities.
pub(super) fn read(report: &Value) -> Option<ScanReport> {
    let version = at(report, &["SchemaVersion"])?.as_u64()?;
    if version != 2 || text(report, &["ArtifactType"])? != "container_image" {
        return None;
    }
    let results = items(report, &["Results"]);
    if !results.iter().any(is_of_packages) {
        return None;
    }
    let mut found = ScanReport {
        scanner: "trivy".to_owned(),
        version: owned(report, &["Trivy", "Version"]),
        scanned: text(report, &["CreatedAt"]).and_then(unix_seconds),
        ..ScanReport::default()
    };
    let metadata = report.get("Metadata").unwrap_or(&Value::Null);
    ScanReport::add_digests(&mut found.digests, texts(metadata, &["RepoDigests"]));
    found.image_ids.extend(text(metadata, &["ImageID"]).and_then(Digest::parse));
    found.diff_ids = texts(metadata, &["DiffIDs"]).filter_map(Digest::parse).collect();
    found.names.extend(owned(report, &["ArtifactName"]));
    found.names.extend(texts(metadata, &["RepoTags"]).map(str::to_owned));
    for result in results {
        let left = FINDINGS_MAX.saturating_sub(found.findings.len());
        let each = items(result, &["Vulnerabilities"]).iter().filter_map(finding);
        found.findings.extend(each.take(left));
    }
    Some(found)
}

/// Whether packages were looked at; old versions do not say.
fn is_of_packages(result: &Value) -> bool {
    text(result, &["Class"]).is_none_or(|class| matches!(class, "os-pkgs" | "lang-pkgs"))
}

fn finding(one: &Value) -> Option<ScanFinding> {
    Some(ScanFinding {
        id: owned(one, &["VulnerabilityID"])?,
        aliases: texts(one, &["VendorIDs"]).take(16).map(str::to_owned).collect(),
        package: owned(one, &["PkgName"])?,
        version: owned(one, &["InstalledVersion"]).unwrap_or_default(),
        purl: owned(one, &["PkgIdentifier", "PURL"]),
        fixed: owned(one, &["FixedVersion"]),
        severity: text(one, &["Severity"]).and_then(ScanSeverity::named).unwrap_or_default(),
        exploited: false,
    })
}

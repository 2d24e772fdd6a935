use serde_json::Value;

use super::{FINDINGS_MAX, ScanFinding, ScanReport, ScanSeverity};
use crate::oci::json::{items, owned, text};
use crate::oci::unix_seconds;

/// Reads the predicate of cosign (`…/attestation/vuln/v1`) or of in-toto (`…/vulns/v0.1` and
/// later). What it is about, the attestation says.
pub(super) fn read(predicate: &Value) -> Option<ScanReport> {
    let scanner = predicate.get("scanner")?;
    let result = scanner.get("result").unwrap_or(&Value::Null);
    // cosign wraps what the scanner wrote.
    let mut found = ScanReport::of_value(result).unwrap_or_default();
    let uri = text(scanner, &["uri"]).unwrap_or_default();
    if found.scanner.is_empty() {
        found.scanner = name_of(uri).to_owned();
    }
    found.version = owned(scanner, &["version"]).or(found.version);
    let updated = text(scanner, &["db", "lastUpdate"]).and_then(unix_seconds);
    found.database = updated.or(found.database);
    let moment = |key: &str| text(predicate, &["metadata", key]).and_then(unix_seconds);
    let scanned = moment("scanFinishedOn").or_else(|| moment("scanStartedOn"));
    found.scanned = scanned.filter(|it| *it > 0).or(found.scanned);
    found.findings.extend(items(result, &[]).iter().take(FINDINGS_MAX).filter_map(finding));
    Some(found)
}

/// An entry of in-toto's list: it names no package, or one in its annotations.
fn finding(one: &Value) -> Option<ScanFinding> {
    let scores = items(one, &["severity"]).iter();
    let severity = scores.filter_map(|score| {
        let text = score.get("score")?;
        let number = text.as_f64().map(ScanSeverity::of_score);
        number.or_else(|| text.as_str().and_then(ScanSeverity::read))
    });
    let noted = |key: &str| {
        let notes = items(one, &["annotations"]).iter();
        notes.filter_map(|note| owned(note, &[key])).next()
    };
    Some(ScanFinding {
        id: owned(one, &["id"])?,
        package: noted("package").unwrap_or_default(),
        version: noted("version").unwrap_or_default(),
        fixed: noted("fixed").or_else(|| noted("fixedVersion")),
        severity: severity.max().unwrap_or_default(),
        ..ScanFinding::default()
    })
}

/// `trivy` of `pkg:github/aquasecurity/trivy@244fd47`.
fn name_of(uri: &str) -> &str {
    let uri = uri.split(['@', '?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let name = uri.rsplit('/').next().unwrap_or_default();
    if name.is_empty() { "a scanner" } else { name }
}

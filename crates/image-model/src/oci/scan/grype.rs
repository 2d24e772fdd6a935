use serde_json::Value;

use super::{FINDINGS_MAX, ScanFinding, ScanReport, ScanSeverity};
use crate::oci::json::{items, owned, text, texts};
use crate::oci::{Digest, unix_seconds};

/// Reads grype's JSON of an image.
pub(super) fn read(report: &Value) -> Option<ScanReport> {
    report.get("matches")?.as_array()?;
    let about = |path: &[&str]| text(report, path);
    let is_image = about(&["source", "type"]) == Some("image");
    if about(&["descriptor", "name"])? != "grype" || !is_image {
        return None;
    }
    let target = report.get("source").and_then(|source| source.get("target"))?;
    let built = about(&["descriptor", "db", "status", "built"]);
    let mut found = ScanReport {
        scanner: "grype".to_owned(),
        version: owned(report, &["descriptor", "version"]),
        database: built.or_else(|| about(&["descriptor", "db", "built"])).and_then(unix_seconds),
        scanned: about(&["descriptor", "timestamp"]).and_then(unix_seconds),
        ..ScanReport::default()
    };
    let manifest = text(target, &["manifestDigest"]);
    ScanReport::add_digests(&mut found.digests, texts(target, &["repoDigests"]).chain(manifest));
    found.image_ids.extend(text(target, &["imageID"]).and_then(Digest::parse));
    let layers = items(target, &["layers"]).iter();
    found.diff_ids = layers.filter_map(|one| Digest::parse(text(one, &["digest"])?)).collect();
    found.names.extend(owned(target, &["userInput"]));
    found.names.extend(texts(target, &["tags"]).map(str::to_owned));
    let matches = items(report, &["matches"]).iter().take(FINDINGS_MAX);
    found.findings = matches.filter_map(finding).collect();
    Some(found)
}

fn finding(one: &Value) -> Option<ScanFinding> {
    let vulnerability = one.get("vulnerability")?;
    let is_fixed = text(vulnerability, &["fix", "state"]).is_none_or(|state| state == "fixed");
    let fixed = texts(vulnerability, &["fix", "versions"]).next().filter(|_| is_fixed);
    let related = items(one, &["relatedVulnerabilities"]).iter();
    Some(ScanFinding {
        id: owned(vulnerability, &["id"])?,
        aliases: related.filter_map(|other| owned(other, &["id"])).take(16).collect(),
        package: owned(one, &["artifact", "name"])?,
        version: owned(one, &["artifact", "version"]).unwrap_or_default(),
        purl: owned(one, &["artifact", "purl"]),
        fixed: fixed.map(str::to_owned),
        severity: text(vulnerability, &["severity"])
            .and_then(ScanSeverity::named)
            .unwrap_or_default(),
        exploited: !items(vulnerability, &["knownExploited"]).is_empty(),
    })
}

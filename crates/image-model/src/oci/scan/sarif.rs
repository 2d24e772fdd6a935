use std::collections::HashMap;

use serde_json::Value;

use super::{FINDINGS_MAX, ScanFinding, ScanReport, ScanSeverity};
use crate::oci::Digest;
use crate::oci::json::{items, owned, text, texts};

/// Reads SARIF that says which image it is about, as trivy writes it.
pub(super) fn read(report: &Value) -> Option<ScanReport> {
    let run = items(report, &["runs"]).iter().find(|run| {
        !items(run, &["properties", "repoDigests"]).is_empty()
            || text(run, &["properties", "imageID"]).is_some()
    })?;
    let driver = run.get("tool")?.get("driver")?;
    let mut found = ScanReport {
        scanner: text(driver, &["name"])?.to_lowercase(),
        version: owned(driver, &["version"]),
        ..ScanReport::default()
    };
    let properties = run.get("properties")?;
    ScanReport::add_digests(&mut found.digests, texts(properties, &["repoDigests"]));
    found.image_ids.extend(text(properties, &["imageID"]).and_then(Digest::parse));
    found.names.extend(owned(properties, &["imageName"]));
    found.names.extend(texts(properties, &["repoTags"]).map(str::to_owned));
    let rules: HashMap<&str, &Value> = items(driver, &["rules"])
        .iter()
        .filter(|rule| texts(rule, &["properties", "tags"]).any(|tag| tag == "vulnerability"))
        .filter_map(|rule| Some((text(rule, &["id"])?, rule)))
        .collect();
    let results = items(run, &["results"]).iter().take(FINDINGS_MAX);
    found.findings = results
        .filter_map(|result| {
            let id = text(result, &["ruleId"])?;
            finding(id, result, rules.get(id)?)
        })
        .collect();
    Some(found)
}

fn finding(id: &str, result: &Value, rule: &Value) -> Option<ScanFinding> {
    // Lines of "Name: value".
    let message = text(result, &["message", "text"])?;
    let said = |name: &str| {
        let line = message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(str::trim).filter(|value| !value.is_empty())
    };
    let score = text(rule, &["properties", "security-severity"]);
    let severity = said("Severity").and_then(ScanSeverity::named);
    Some(ScanFinding {
        id: id.to_owned(),
        package: said("Package")?.to_owned(),
        version: said("Installed Version").unwrap_or_default().to_owned(),
        fixed: said("Fixed Version").map(str::to_owned),
        severity: severity.or_else(|| score.and_then(ScanSeverity::read)).unwrap_or_default(),
        ..ScanFinding::default()
    })
}

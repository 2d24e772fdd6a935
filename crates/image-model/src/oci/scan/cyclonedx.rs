use std::collections::HashMap;

use serde_json::Value;

use super::{FINDINGS_MAX, ScanFinding, ScanReport, ScanSeverity, Statement};
use crate::oci::json::{items, owned, text};
use crate::oci::{Digest, unix_seconds};

/// Packages of one vulnerability that are taken.
const AFFECTED_MAX: usize = 1_000;

/// Reads a `CycloneDX` document with vulnerabilities. Without any it is a list of packages: whether
/// somebody looked for vulnerabilities is not known.
pub(super) fn read(document: &Value) -> Option<ScanReport> {
    if text(document, &["bomFormat"])? != "CycloneDX" {
        return None;
    }
    let vulnerabilities = items(document, &["vulnerabilities"]);
    if vulnerabilities.is_empty() {
        return None;
    }
    let (scanner, version) = tool(document);
    let mut found = ScanReport {
        scanner,
        version,
        scanned: text(document, &["metadata", "timestamp"]).and_then(unix_seconds),
        ..ScanReport::default()
    };
    if let Some(image) = document.get("metadata").and_then(|it| it.get("component")) {
        subject(image, &mut found);
    }
    let components = items(document, &["components"]).iter();
    let by_ref: HashMap<&str, &Value> =
        components.filter_map(|one| Some((text(one, &["bom-ref"])?, one))).collect();
    let mut scanned = false;
    for one in vulnerabilities.iter().take(FINDINGS_MAX) {
        let Some(id) = text(one, &["id"]) else { continue };
        let affects = items(one, &["affects"]).iter().take(AFFECTED_MAX);
        let refs: Vec<&str> = affects.filter_map(|it| text(it, &["ref"])).collect();
        match text(one, &["analysis", "state"]) {
            Some(state) => {
                let harmless = matches!(
                    state,
                    "not_affected" | "false_positive" | "resolved" | "resolved_with_pedigree"
                );
                let products = refs.iter().map(|it| by_ref.get(it).map_or(*it, |one| url(one, it)));
                found.statements.push(Statement {
                    vulnerabilities: vec![id.to_owned()],
                    products: products.map(str::to_owned).collect(),
                    harmless,
                });
            }
            None => scanned = true,
        }
        let left = FINDINGS_MAX.saturating_sub(found.findings.len());
        let each = refs.iter().filter_map(|it| by_ref.get(it)).take(left);
        found.findings.extend(each.filter_map(|package| finding(id, one, package)));
    }
    if !scanned && found.findings.is_empty() {
        // Nothing but statements: no scanner wrote it.
        found.scanner.clear();
    } else if found.scanner.is_empty() {
        "CycloneDX".clone_into(&mut found.scanner);
    }
    Some(found)
}

fn url<'v>(component: &'v Value, reference: &'v str) -> &'v str {
    text(component, &["purl"]).unwrap_or(reference)
}

/// Who wrote the document, in the form of version 1.4 or of 1.5.
fn tool(document: &Value) -> (String, Option<String>) {
    let old = items(document, &["metadata", "tools"]).first();
    let new = items(document, &["metadata", "tools", "components"]).first();
    let Some(tool) = new.or(old) else { return (String::new(), None) };
    (owned(tool, &["name"]).unwrap_or_default(), owned(tool, &["version"]))
}

fn subject(image: &Value, found: &mut ScanReport) {
    if text(image, &["type"]) != Some("container") {
        return;
    }
    found.names.extend(owned(image, &["name"]));
    let from_version = text(image, &["version"]).into_iter();
    let from_url = text(image, &["purl"]).and_then(|purl| {
        let version = purl.split('?').next()?.rsplit_once('@')?.1;
        Digest::parse(&version.replace("%3A", ":").replace("%3a", ":"))
    });
    ScanReport::add_digests(&mut found.digests, from_version);
    found.digests.extend(from_url);
    for property in items(image, &["properties"]) {
        let (Some(name), Some(value)) = (text(property, &["name"]), text(property, &["value"]))
        else {
            continue;
        };
        match name.rsplit(':').next() {
            Some("RepoDigest") => ScanReport::add_digests(&mut found.digests, [value].into_iter()),
            Some("ImageID") => found.image_ids.extend(Digest::parse(value)),
            Some("DiffID") => found.diff_ids.extend(Digest::parse(value)),
            Some("RepoTag") => found.names.push(value.to_owned()),
            _ => {}
        }
    }
}

fn finding(id: &str, one: &Value, package: &Value) -> Option<ScanFinding> {
    let ratings = items(one, &["ratings"]).iter();
    let severity = |rating: &Value| {
        let named = text(rating, &["severity"]).and_then(ScanSeverity::named);
        named.or_else(|| rating.get("score")?.as_f64().map(ScanSeverity::of_score))
    };
    // Trivy writes "Upgrade openssl to version 3.0.16".
    let advice = text(one, &["recommendation"]);
    let fixed = advice
        .and_then(|text| text.rsplit_once(" to version "))
        .map(|(_, version)| version.split([' ', ';', ',']).next().unwrap_or(version).to_owned());
    Some(ScanFinding {
        id: id.to_owned(),
        aliases: Vec::new(),
        package: owned(package, &["name"])?,
        version: owned(package, &["version"]).unwrap_or_default(),
        purl: owned(package, &["purl"]),
        fixed,
        severity: ratings.filter_map(severity).max().unwrap_or_default(),
        exploited: false,
    })
}

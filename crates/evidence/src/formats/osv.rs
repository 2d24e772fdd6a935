//! OSV-Scanner, JSON.
//!
//! A group is one vulnerability under the names that several databases have for it, and counts once.

use std::collections::HashSet;

use serde::Deserialize;

use super::scan::{self, Severity, Tally, each};
use crate::{Evidence, Kind, Trouble};

const TOOL: &str = "OSV-Scanner";

/// What may stand beside the results. Others write `results` too.
const BESIDE: [&str; 5] = [
    "results",
    "experimental_config",
    "license_summary",
    "image_metadata",
    "experimental_generic_findings",
];

#[derive(Deserialize)]
struct Report {
    results: Vec<Scanned>,
}

#[derive(Deserialize)]
struct Scanned {
    source: Option<Origin>,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Origin {
    path: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    package: Named,
    vulnerabilities: Option<Vec<Vulnerability>>,
    groups: Option<Vec<Group>>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
    version: Option<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: String,
    database_specific: Option<Specific>,
}

/// Every database has its own, so that nothing but the severity is asked for, and only if it is a word.
#[derive(Deserialize)]
struct Specific {
    severity: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Group {
    ids: Vec<String>,
    max_severity: Option<String>,
}

pub(super) fn is_it(text: &str) -> bool {
    is_only_osv(text)
        && (scan::has_keys(text, &["experimental_config"]) || text.contains("\"packages\""))
}

/// Whether nothing stands there that OSV-Scanner does not write.
fn is_only_osv(text: &str) -> bool {
    scan::has_keys(text, &["results"]) && scan::keys(text).iter().all(|key| BESIDE.contains(key))
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let report: Report = scan::decode(text, TOOL)?;
    if !is_only_osv(text) {
        return Err(Trouble::new(
            "is not of OSV-Scanner: beside `results` stand keys of another tool",
        ));
    }
    let mut evidence = Evidence::new(Kind::Osv);
    evidence.tool = scan::tool(TOOL, None);
    let mut tally = Tally::default();
    for result in &report.results {
        if let Some(path) = result.source.as_ref().and_then(|source| source.path.as_deref()) {
            scan::about(&mut evidence, path);
        }
        for package in &result.packages {
            count(package, &mut tally);
        }
    }
    tally.tell(&mut evidence);
    Ok(evidence)
}

fn count(package: &Package, tally: &mut Tally) {
    let Named { name, version } = &package.package;
    let place = format!("{name} {}", version.as_deref().unwrap_or_default());
    let mut grouped = HashSet::new();
    for group in each(&package.groups) {
        grouped.extend(group.ids.iter().map(String::as_str));
        let words = group.ids.iter().map(|id| by_id(id, package));
        let word = words.min().unwrap_or(Severity::Unrated);
        let score = group.max_severity.as_deref().and_then(|score| score.trim().parse().ok());
        // The score is the group's, the words are those of single databases.
        let severity = match Severity::of(None, score) {
            Severity::Unrated => word,
            rated => rated,
        };
        let id = group.ids.first().map_or("", String::as_str);
        tally.add(severity, || scan::issue(id, &place));
    }
    for found in each(&package.vulnerabilities) {
        if !grouped.contains(found.id.as_str()) {
            tally.add(by_id(&found.id, package), || scan::issue(&found.id, &place));
        }
    }
}

/// The severity that a database gives it in words. A package that is malware has none, and is the worst
/// there is.
fn by_id(id: &str, package: &Package) -> Severity {
    if id.starts_with("MAL-") {
        return Severity::Critical;
    }
    let found = each(&package.vulnerabilities).iter().find(|found| found.id == id);
    let specific = found.and_then(|found| found.database_specific.as_ref());
    let word = specific.and_then(|specific| specific.severity.as_ref()?.as_str());
    Severity::of(word, None)
}

use serde_json::Value;

use super::{FINDINGS_MAX, ScanFinding, ScanReport, ScanSeverity};
use crate::oci::Digest;
use crate::oci::json::{entries, items, owned, text, texts};

/// Reads the JSON of OSV-Scanner, of an image: it knows no digest but those of the layers.
pub(super) fn read(report: &Value) -> Option<ScanReport> {
    report.get("results")?.as_array()?;
    let image = report.get("image_metadata")?;
    let layers = items(image, &["layer_metadata"]).iter();
    let mut found = ScanReport {
        scanner: "osv-scanner".to_owned(),
        diff_ids: layers.filter_map(|one| Digest::parse(text(one, &["diff_id"])?)).collect(),
        ..ScanReport::default()
    };
    for result in items(report, &["results"]) {
        for package in items(result, &["packages"]) {
            let left = FINDINGS_MAX.saturating_sub(found.findings.len());
            found.findings.extend(of_package(package).take(left));
        }
    }
    Some(found)
}

fn of_package(package: &Value) -> impl Iterator<Item = ScanFinding> {
    let groups = items(package, &["groups"]);
    items(package, &["vulnerabilities"]).iter().filter_map(move |one| {
        let id = owned(one, &["id"])?;
        let group = groups.iter().find(|group| texts(group, &["ids"]).any(|it| it == id));
        // Several names of one vulnerability are one group: its first name stands for all.
        if group.is_some_and(|group| texts(group, &["ids"]).next() != Some(id.as_str())) {
            return None;
        }
        if group.is_some_and(is_of_no_consequence) {
            return None;
        }
        let score = group.and_then(|group| text(group, &["max_severity"]));
        let named = text(one, &["database_specific", "severity"]);
        Some(ScanFinding {
            aliases: texts(one, &["aliases"]).take(16).map(str::to_owned).collect(),
            package: owned(package, &["package", "name"])?,
            version: owned(package, &["package", "version"]).unwrap_or_default(),
            purl: None,
            fixed: fixed_in(one, text(package, &["package", "name"])?),
            severity: score.or(named).and_then(ScanSeverity::read).unwrap_or_default(),
            exploited: false,
            id,
        })
    })
}

/// Whether the scanner says that the code is not called, or that the distribution does not mind.
fn is_of_no_consequence(group: &Value) -> bool {
    let of = |key: &str| {
        let mut all = entries(group, &[key]).map(|(_, analysis)| {
            let says = |key: &str| analysis.get(key).and_then(Value::as_bool);
            says("unimportant") == Some(true) || says("called") == Some(false)
        });
        all.next().is_some_and(|first| first && all.all(|other| other))
    };
    of("experimental_analysis") || of("experimentalAnalysis")
}

/// The first version that an advisory calls fixed. Which of several is meant is left open.
fn fixed_in(advisory: &Value, package: &str) -> Option<String> {
    let affected = items(advisory, &["affected"]).iter();
    let own = affected.filter(|one| text(one, &["package", "name"]) == Some(package));
    let ranges = own.flat_map(|one| items(one, &["ranges"]));
    let events = ranges.flat_map(|range| items(range, &["events"]));
    events.filter_map(|event| owned(event, &["fixed"])).next()
}

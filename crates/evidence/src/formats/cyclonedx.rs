//! CycloneDX, JSON: vulnerabilities of a bill of materials, or VEX.
//!
//! A bill without a list of vulnerabilities says nothing of them, and measures nothing.

use serde::Deserialize;

use super::scan::{self, Severity, Tally, each};
use crate::{Evidence, Kind, Trouble};

const TOOL: &str = "the tool";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    bom_format: String,
    spec_version: String,
    metadata: Option<Metadata>,
    vulnerabilities: Option<Vec<Vulnerability>>,
}

#[derive(Deserialize)]
struct Metadata {
    timestamp: Option<String>,
    tools: Option<Tools>,
    component: Option<Component>,
}

/// A list until version 1.4, an object since 1.5.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tools {
    List(Vec<Component>),
    Object { components: Option<Vec<Component>>, services: Option<Vec<Component>> },
}

#[derive(Deserialize)]
struct Component {
    name: Option<String>,
    version: Option<String>,
    purl: Option<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: Option<String>,
    ratings: Option<Vec<Rating>>,
    affects: Option<Vec<Affected>>,
    analysis: Option<Analysis>,
    rejected: Option<String>,
}

#[derive(Deserialize)]
struct Rating {
    severity: Option<String>,
    score: Option<f64>,
    method: Option<String>,
}

#[derive(Deserialize)]
struct Affected {
    #[serde(rename = "ref")]
    reference: String,
}

#[derive(Deserialize)]
struct Analysis {
    state: Option<String>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["bomFormat", "specVersion"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let bom: Bom = scan::decode(text, TOOL)?;
    if bom.bom_format != "CycloneDX" || !bom.spec_version.starts_with("1.") {
        let message = "is no CycloneDX of version 1: look at `bomFormat` and `specVersion`";
        return Err(Trouble::new(message));
    }
    let mut evidence = Evidence::new(Kind::CycloneDx);
    if let Some(metadata) = &bom.metadata {
        describe(metadata, &mut evidence);
    }
    let Some(vulnerabilities) = &bom.vulnerabilities else { return Ok(evidence) };
    let mut tally = Tally::default();
    for found in vulnerabilities {
        if is_harmless(found) {
            tally.suppressed += 1;
            continue;
        }
        let id = found.id.as_deref().unwrap_or_default();
        tally.add(worst(found), || scan::issue(id, &place(found)));
    }
    tally.tell(&mut evidence);
    Ok(evidence)
}

fn describe(metadata: &Metadata, evidence: &mut Evidence) {
    evidence.produced_at = metadata.timestamp.as_deref().and_then(scan::when);
    if let Some(component) = &metadata.component {
        let name = component.name.as_deref().unwrap_or_default();
        scan::about(evidence, name);
        if let Some(version) = &component.version {
            // Those who make bills of images put the digest into the version.
            let joint = if version.starts_with("sha256:") { '@' } else { ':' };
            scan::about(evidence, &format!("{name}{joint}{version}"));
        }
        let purl = component.purl.as_deref().unwrap_or_default();
        scan::about(evidence, purl);
        if let Some(digest) = image_digest(purl) {
            scan::about(evidence, &digest);
        }
    }
    let tools = match &metadata.tools {
        Some(Tools::List(tools)) => tools.iter().collect(),
        Some(Tools::Object { components, services }) => {
            each(components).iter().chain(each(services)).collect()
        }
        None => Vec::new(),
    };
    let named = |tool: &&Component| scan::tool(tool.name.as_deref()?, tool.version.as_deref());
    let names: Vec<_> = tools.iter().take(10).filter_map(named).collect();
    evidence.tool = scan::tool(&names.join(", "), None);
}

/// The digest of an image in its package URL, where the colon is usually encoded.
fn image_digest(purl: &str) -> Option<String> {
    let (_, version) = purl.strip_prefix("pkg:oci/")?.split_once('@')?;
    let version = version.split(['?', '#']).next()?.replace("%3A", ":").replace("%3a", ":");
    let digest = version.strip_prefix("sha256:")?;
    let is_one = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then_some(version)
}

fn is_harmless(found: &Vulnerability) -> bool {
    let state = found.analysis.as_ref().and_then(|analysis| analysis.state.as_deref());
    found.rejected.is_some()
        || matches!(
            state,
            Some("not_affected" | "false_positive" | "resolved" | "resolved_with_pedigree")
        )
}

/// The worst of all ratings. Scores count only where they are those of CVSS.
fn worst(found: &Vulnerability) -> Severity {
    let rated = each(&found.ratings).iter().map(|rating| {
        let is_cvss = rating.method.as_deref().is_none_or(|method| method.starts_with("CVSS"));
        Severity::of(rating.severity.as_deref(), rating.score.filter(|_| is_cvss))
    });
    rated.min().unwrap_or(Severity::Unrated)
}

fn place(found: &Vulnerability) -> String {
    let all = each(&found.affects);
    match all.first() {
        Some(first) if all.len() > 1 => {
            format!("in {} and {} more", first.reference, all.len() - 1)
        }
        Some(first) => format!("in {}", first.reference),
        None => "in no component that is named".to_owned(),
    }
}

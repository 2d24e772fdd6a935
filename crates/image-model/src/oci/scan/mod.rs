//! Reports of vulnerability scanners, whatever their form, and statements that say which of the
//! vulnerabilities do not matter (VEX).
//!
//! Reports are read leniently: what is malformed is absent. Nothing is matched here against a
//! database of vulnerabilities; that is what scanners are for.

mod cyclonedx;
mod grype;
mod osv;
mod predicate;
mod sarif;
mod trivy;
mod vex;

use std::collections::BTreeSet;

use memchr::memmem;
use serde_json::Value;

use super::{Attestation, Digest, PredicateKind};

/// Bytes of a report; a larger one is not read.
pub const SCAN_MAX: usize = 16 << 20;
/// Findings of one report that are taken, the first ones.
const FINDINGS_MAX: usize = 20_000;
/// Digests and names of one report that are taken.
const NAMES_MAX: usize = 100;

/// A report of a vulnerability scanner about an image, or statements about vulnerabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScanReport {
    /// The scanner, such as `trivy`; empty for statements alone.
    pub scanner: String,
    /// Its version.
    pub version: Option<String>,
    /// When its database was made, in Unix seconds.
    pub database: Option<i64>,
    /// When it looked, in Unix seconds.
    pub scanned: Option<i64>,
    /// Digests of the manifest or index that it says it looked at.
    pub digests: Vec<Digest>,
    /// Digests of the configuration.
    pub image_ids: Vec<Digest>,
    /// Digests of all unpacked layers, lowest first.
    pub diff_ids: Vec<Digest>,
    /// What it calls the image: references.
    pub names: Vec<String>,
    /// What it found, each vulnerability of each package once.
    pub findings: Vec<ScanFinding>,
    /// Statements about vulnerabilities.
    pub statements: Vec<Statement>,
}

/// A vulnerability of a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScanFinding {
    /// `CVE-2026-1234`, `GHSA-…`.
    pub id: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// The package.
    pub package: String,
    /// The version that is installed.
    pub version: String,
    /// The package as a URL: `pkg:deb/debian/openssl@3.0.15`.
    pub purl: Option<String>,
    /// The version that mends it, if there is one.
    pub fixed: Option<String>,
    /// How bad it is.
    pub severity: ScanSeverity,
    /// Whether it is known to be exploited.
    pub exploited: bool,
}

/// How bad a vulnerability is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScanSeverity {
    /// The scanner does not say.
    #[default]
    Unknown,
    /// Of no consequence.
    Negligible,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// All.
    Critical,
}

impl ScanSeverity {
    /// The severity with that name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "unknown" | "unspecified" => Self::Unknown,
            "negligible" | "none" | "info" | "informational" => Self::Negligible,
            "low" | "minor" => Self::Low,
            "medium" | "moderate" => Self::Medium,
            "high" | "important" => Self::High,
            "critical" => Self::Critical,
            _ => return None,
        })
    }

    /// The severity of a score of CVSS.
    #[must_use]
    pub fn of_score(score: f64) -> Self {
        match score {
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            score if score > 0.0 => Self::Low,
            _ => Self::Unknown,
        }
    }

    /// A name, or a score of CVSS.
    fn read(text: &str) -> Option<Self> {
        Self::named(text).or_else(|| text.parse().ok().map(Self::of_score))
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Negligible => "negligible",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Says whether a vulnerability matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The names of the vulnerability.
    pub vulnerabilities: Vec<String>,
    /// What it is about: images and packages, as URLs. Empty where it is about what the document
    /// is about.
    pub products: Vec<String>,
    /// Whether it does not matter: it does not affect the product, or was fixed there.
    pub harmless: bool,
}

impl ScanReport {
    /// The report in a JSON text; none where it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !may_be_report(text) {
            return None;
        }
        Self::of_value(&serde_json::from_str(text).ok()?)
    }

    /// The report that an attestation is; none where it is none. Statements of `OpenVEX` are one.
    #[must_use]
    pub fn of(attestation: &Attestation) -> Option<Self> {
        let found = match PredicateKind::of(&attestation.predicate_type) {
            PredicateKind::Vulnerabilities => predicate::read(&attestation.predicate)?,
            PredicateKind::Vex => vex::read(&attestation.predicate)
                .or_else(|| cyclonedx::read(&attestation.predicate))?,
            PredicateKind::Sbom => cyclonedx::read(&attestation.predicate)?,
            _ => return None,
        };
        Some(found.tidied())
    }

    fn of_value(value: &Value) -> Option<Self> {
        let readers =
            [trivy::read, grype::read, osv::read, cyclonedx::read, sarif::read, vex::read];
        readers.into_iter().find_map(|read| read(value)).map(Self::tidied)
    }

    /// Whether a scanner wrote it, rather than somebody who knows better.
    #[must_use]
    pub fn is_scan(&self) -> bool {
        !self.scanner.is_empty()
    }

    fn tidied(mut self) -> Self {
        let mut seen = BTreeSet::new();
        self.findings
            .retain(|one| seen.insert((one.id.clone(), one.package.clone(), one.version.clone())));
        self.names.truncate(NAMES_MAX);
        self.names.dedup();
        self
    }

    fn add_digests<'t>(list: &mut Vec<Digest>, texts: impl Iterator<Item = &'t str>) {
        for text in texts.take(NAMES_MAX) {
            // `nginx@sha256:…`, or the digest alone.
            let digest = Digest::parse(text.rsplit('@').next().unwrap_or(text));
            list.extend(digest.filter(|digest| !list.contains(digest)));
        }
    }
}

/// Whether a text may be a report: words of one of the forms stand in it.
fn may_be_report(text: &str) -> bool {
    const WORDS: [[&str; 2]; 6] = [
        ["\"SchemaVersion\"", "\"ArtifactName\""],
        ["\"matches\"", "\"descriptor\""],
        ["\"results\"", "\"image_metadata\""],
        ["\"CycloneDX\"", "\"vulnerabilities\""],
        ["\"runs\"", "\"repoDigests\""],
        ["\"@context\"", "openvex.dev/ns"],
    ];
    let starts = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('{');
    let has = |word: &&str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    starts && text.len() <= SCAN_MAX && WORDS.iter().any(|words| words.iter().all(has))
}

#[cfg(test)]
mod tests;

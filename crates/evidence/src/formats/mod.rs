//! The formats, one a file. Each has `is_it`, a cheap guess by the start of the text, and `read`.

mod cobertura;
mod complexity;
mod cyclonedx;
mod dependency_check;
mod gatling;
mod grype;
mod jacoco;
mod jmeter;
mod junit;
mod k6;
mod kubectl;
mod lcov;
mod llvm_cov;
mod osv;
mod prometheus;
mod reviews;
mod sarif;
mod scan;
mod scorecard;
mod sonarqube;
mod trivy;

use crate::{Evidence, Kind, MOST_BYTES, Trouble};

/// Tells what a report is by what it holds. The name does not count: JSON of another tool under the
/// right name is not what it seems.
#[must_use]
pub fn sniff(text: &str) -> Option<Kind> {
    let text = text.trim_start_matches('\u{feff}');
    Kind::ALL.into_iter().find(|kind| is_it(*kind, text))
}

/// Reads a report of that kind.
///
/// # Errors
///
/// What is wrong, where that is known: no UTF-8, too large, not of that kind, malformed.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Evidence, Trouble> {
    if bytes.len() as u64 > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(Trouble::new(format!("is larger than {most} MiB: give a summary instead")));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Trouble::new("is not valid UTF-8"));
    };
    let text = text.trim_start_matches('\u{feff}');
    match kind {
        Kind::Junit => junit::read(text),
        Kind::Lcov => lcov::read(text),
        Kind::Cobertura => cobertura::read(text),
        Kind::Jacoco => jacoco::read(text),
        Kind::LlvmCov => llvm_cov::read(text),
        Kind::Sarif => sarif::read(text),
        Kind::SonarQube => sonarqube::read(text),
        Kind::DependencyCheck => dependency_check::read(text),
        Kind::Trivy => trivy::read(text),
        Kind::Grype => grype::read(text),
        Kind::Osv => osv::read(text),
        Kind::CycloneDx => cyclonedx::read(text),
        Kind::K6 => k6::read(text),
        Kind::Jmeter => jmeter::read(text),
        Kind::Gatling => gatling::read(text),
        Kind::Prometheus => prometheus::read(text),
        Kind::Scorecard => scorecard::read(text),
        Kind::Complexity => complexity::read(text),
        Kind::Reviews => reviews::read(text),
        Kind::Kubectl => kubectl::read(text),
    }
}

fn is_it(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Junit => junit::is_it(text),
        Kind::Lcov => lcov::is_it(text),
        Kind::Cobertura => cobertura::is_it(text),
        Kind::Jacoco => jacoco::is_it(text),
        Kind::LlvmCov => llvm_cov::is_it(text),
        Kind::Sarif => sarif::is_it(text),
        Kind::SonarQube => sonarqube::is_it(text),
        Kind::DependencyCheck => dependency_check::is_it(text),
        Kind::Trivy => trivy::is_it(text),
        Kind::Grype => grype::is_it(text),
        Kind::Osv => osv::is_it(text),
        Kind::CycloneDx => cyclonedx::is_it(text),
        Kind::K6 => k6::is_it(text),
        Kind::Jmeter => jmeter::is_it(text),
        Kind::Gatling => gatling::is_it(text),
        Kind::Prometheus => prometheus::is_it(text),
        Kind::Scorecard => scorecard::is_it(text),
        Kind::Complexity => complexity::is_it(text),
        Kind::Reviews => reviews::is_it(text),
        Kind::Kubectl => kubectl::is_it(text),
    }
}

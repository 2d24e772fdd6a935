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

use crate::{Evidence, Kind, MOST_BYTES, Record, Trouble};

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
    let text = text(bytes)?;
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

/// Reads a report as its record says: a number of Prometheus measures what the record names. All else
/// is read as [`read`] does; what the record says of time and commit is not put into the evidence.
///
/// # Errors
///
/// As [`read`]; and a measure is named for a report that says itself what it measures.
pub fn read_recorded(kind: Kind, bytes: &[u8], record: &Record) -> Result<Evidence, Trouble> {
    match (kind, record.measure) {
        (Kind::Prometheus, Some(measure)) => {
            prometheus::read_as(text(bytes)?, measure, record.unit)
        }
        (_, Some(measure)) => Err(Trouble::new(format!(
            "is a report of the kind `{kind}`, which says itself what it measures: take `measure: \
             {measure}` out of its record"
        ))),
        (_, None) => read(kind, bytes),
    }
}

/// The text of a report, without the mark that some put before it.
fn text(bytes: &[u8]) -> Result<&str, Trouble> {
    if bytes.len() as u64 > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(Trouble::new(format!("is larger than {most} MiB: give a summary instead")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}')),
        Err(_) => Err(Trouble::new("is not valid UTF-8")),
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

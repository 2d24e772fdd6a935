//! Writes a judged report in the formats that people, hosts and programs read.
//!
//! A [`Report`] is plain data: ordered, judged, secrets masked. A writer decides nothing about
//! findings; it only shows them, and it shows what was *not* looked at beside them. Text is for a
//! terminal, so whatever came from a file is made harmless there; JSON is a versioned contract
//! (`careen/1`); SARIF is for code scanning and stays within the limits of the hosts. The bytes are
//! the same for the same report and options: no clock, no environment, no absolute path.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod agent;
mod audit;
mod azure;
mod concise;
mod github;
mod gitlab;
mod harmless;
mod history;
mod html;
mod inert;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod notes;
mod options;
mod paint;
mod rdjson;
#[cfg(test)]
mod sample;
mod sarif;
mod source;
mod summary;
mod suppressed;
mod text;
mod time;
mod words;
mod wrap;

use std::cmp::Reverse;
use std::io;

use careen_rule::{Judged, Report};

pub use audit::{AuditFormat, write_audit};
pub use options::{Fingerprints, Format, Options};
pub use sarif::{Input, MergeOptions, Merged, merge};

/// Writes `report` to `out`.
///
/// # Errors
///
/// Only those of `out`.
pub fn write(
    report: &Report,
    format: Format,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, options, out),
        Format::Concise => concise::write(report, options, out),
        Format::Json => json::write(report, options, out),
        Format::Jsonl => jsonl::write(report, options, out),
        Format::Sarif => sarif::write(report, options, out),
        Format::Github => github::write(report, options, out),
        Format::Gitlab => gitlab::write(report, options, out),
        Format::Junit => junit::write(report, options, out),
        Format::Markdown => markdown::write(report, options, out),
        Format::Html => html::write(report, options, out),
        Format::Rdjson => rdjson::write(report, options, out),
        Format::Azure => azure::write(report, options, out),
        Format::Agent => agent::write(report, options, out),
    }
}

/// The findings a writer shows.
fn shown<'r>(report: &'r Report, options: &Options) -> impl Iterator<Item = &'r Judged> {
    let all = options.show_suppressed;
    report.findings.iter().filter(move |finding| all || finding.suppressed.is_none())
}

/// The findings a writer shows, the most severe first; else in the report's order.
fn most_severe_first<'r>(report: &'r Report, options: &Options) -> Vec<&'r Judged> {
    let mut findings: Vec<&Judged> = shown(report, options).collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

//! What a reader must know first: the verdict, how much was found, and in how much.

use std::collections::BTreeMap;

use careen_rule::{Report, Severity};

use super::MAX_LABEL;
use super::text::Text;
use crate::Options;

/// How the run ends, as its exit code says it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Passes,
    Fails,
    /// Not everything was looked at, or nothing was.
    Unknown,
}

pub(super) struct Overview<'r> {
    pub(super) outcome: Outcome,
    /// `Fails`.
    pub(super) word: &'static str,
    /// What follows the word.
    pub(super) verdict: String,
    pub(super) severities: Vec<Tally>,
    pub(super) linters: Vec<Tally>,
    pub(super) looked_at: Vec<Amount>,
    /// Findings that do not count.
    pub(super) suppressed: usize,
    /// How many of these by what is not ours.
    pub(super) suppressed_by: Vec<(Text<'r>, usize)>,
    /// Whether they are on the page.
    pub(super) shows_suppressed: bool,
}

/// Findings of a severity or of a linter.
pub(super) struct Tally {
    pub(super) name: &'static str,
    pub(super) number: String,
    pub(super) is_none: bool,
    /// Whether such a finding fails the run.
    pub(super) fails: bool,
}

/// So much of something.
pub(super) struct Amount {
    pub(super) number: String,
    pub(super) name: &'static str,
}

impl<'r> Overview<'r> {
    pub(super) fn of(report: &'r Report, options: &Options) -> Self {
        let number = report.active().count();
        let fatal = report.active().filter(|finding| finding.severity >= options.fail_on).count();
        let outcome = outcome(report, fatal);
        let by = report.suppressed_by();
        Self {
            outcome,
            word: match outcome {
                Outcome::Passes => "Passes",
                Outcome::Fails => "Fails",
                Outcome::Unknown if report.is_complete() => "Nothing was checked",
                Outcome::Unknown => "Incomplete",
            },
            verdict: verdict(report, outcome, fatal, options.fail_on),
            severities: severities(report, options.fail_on),
            linters: linters(report),
            looked_at: looked_at(report),
            suppressed: report.findings.len() - number,
            suppressed_by: by
                .into_iter()
                .map(|(source, number)| (Text::line(source, MAX_LABEL), number))
                .collect(),
            shows_suppressed: options.show_suppressed,
        }
    }

    /// The verdict's class.
    pub(super) fn class(&self) -> &'static str {
        match self.outcome {
            Outcome::Passes => "passes",
            Outcome::Fails => "fails",
            Outcome::Unknown => "unknown",
        }
    }
}

fn outcome(report: &Report, fatal: usize) -> Outcome {
    let summary = &report.summary;
    let things = summary.files
        + summary.objects
        + summary.dockerfiles
        + summary.images
        + summary.certificates
        + summary.commits;
    if !report.is_complete() || (things == 0 && report.findings.is_empty()) {
        Outcome::Unknown
    } else if fatal > 0 {
        Outcome::Fails
    } else {
        Outcome::Passes
    }
}

fn verdict(report: &Report, outcome: Outcome, fatal: usize, fail_on: Severity) -> String {
    let number = report.active().count();
    let findings = counted(number, "finding", "findings");
    let level = match fail_on {
        Severity::Critical => "critical".to_owned(),
        _ => format!("{fail_on} or above"),
    };
    let found = match fatal {
        _ if number == 0 => "no findings".to_owned(),
        0 => format!("{findings}, none at {level}"),
        _ if fail_on == Severity::Info => findings,
        _ if fatal == number => format!("{findings}, all at {level}"),
        _ => format!("{} of {findings} at {level}", grouped(fatal as u64)),
    };
    match outcome {
        Outcome::Unknown if report.is_complete() => "no file was read".to_owned(),
        Outcome::Unknown => format!("not everything could be looked at; {found} so far"),
        Outcome::Passes | Outcome::Fails => found,
    }
}

fn severities(report: &Report, fail_on: Severity) -> Vec<Tally> {
    let of = |severity| report.active().filter(|finding| finding.severity == severity).count();
    let tally = |severity: Severity| Tally {
        fails: severity >= fail_on,
        ..Tally::of(severity.as_str(), of(severity))
    };
    Severity::ALL.into_iter().rev().map(tally).collect()
}

fn linters(report: &Report) -> Vec<Tally> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in report.active() {
        *counts.entry(finding.rule.linter()).or_default() += 1;
    }
    counts.into_iter().map(|(name, number)| Tally::of(name, number)).collect()
}

impl Tally {
    fn of(name: &'static str, number: usize) -> Self {
        Self { name, number: grouped(number as u64), is_none: number == 0, fails: false }
    }
}

fn looked_at(report: &Report) -> Vec<Amount> {
    let summary = &report.summary;
    let files = match (summary.commits > 0, summary.files) {
        (true, 1) => "version of a file",
        (true, _) => "versions of files",
        (false, 1) => "file",
        (false, _) => "files",
    };
    let mut amounts = vec![Amount { number: grouped(summary.files as u64), name: files }];
    for (number, one, many) in [
        (summary.commits, "commit", "commits"),
        (summary.objects, "Kubernetes object", "Kubernetes objects"),
        (summary.dockerfiles, "Dockerfile", "Dockerfiles"),
        (summary.images, "built image", "built images"),
        (summary.certificates, "certificate", "certificates"),
    ] {
        if number > 0 {
            let name = if number == 1 { one } else { many };
            amounts.push(Amount { number: grouped(number as u64), name });
        }
    }
    amounts.push(Amount { number: size(summary.bytes), name: "read" });
    amounts
}

/// Bytes in the unit in which they have few digits.
fn size(bytes: u64) -> String {
    let mut unit = "bytes";
    let mut tenths = bytes.saturating_mul(10);
    for larger in ["kB", "MB", "GB"] {
        if tenths < 10_000 {
            break;
        }
        tenths /= 1_000;
        unit = larger;
    }
    let number = match (unit, tenths) {
        ("bytes", _) => bytes.to_string(),
        (_, 0..1_000) => format!("{}.{}", tenths / 10, tenths % 10),
        _ => grouped(tenths / 10),
    };
    let unit = if bytes == 1 { "byte" } else { unit };
    format!("{number} {unit}")
}

/// `1,234 findings`.
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use careen_rule::{Note, NoteKind, Severity};

    use super::{Overview, grouped, size};
    use crate::Options;
    use crate::sample::{empty, usual};

    fn line(report: &careen_rule::Report, fail_on: Severity) -> String {
        let overview = Overview::of(report, &Options { fail_on, ..Options::default() });
        format!("{}: {}", overview.word, overview.verdict)
    }

    #[test]
    fn the_verdict_is_one_line() {
        let mut report = usual();
        assert_eq!(line(&report, Severity::Info), "Fails: 3 findings");
        assert_eq!(line(&report, Severity::Low), "Fails: 3 findings, all at low or above");
        assert_eq!(line(&report, Severity::High), "Fails: 2 of 3 findings at high or above");
        assert_eq!(line(&report, Severity::Critical), "Fails: 1 of 3 findings at critical");
        report.findings.truncate(2);
        assert_eq!(line(&report, Severity::Critical), "Passes: 2 findings, none at critical");
        report.findings.clear();
        assert_eq!(line(&report, Severity::Low), "Passes: no findings");
        report.notes.push(Note::general(NoteKind::Failure, "a").incomplete());
        assert_eq!(
            line(&report, Severity::Low),
            "Incomplete: not everything could be looked at; no findings so far"
        );
        assert_eq!(line(&empty(), Severity::Low), "Nothing was checked: no file was read");
    }

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_500), "1.5 kB");
        assert_eq!(size(213_456_789), "213 MB");
        assert_eq!(size(u64::MAX), "1,844,674,407 GB");
    }
}

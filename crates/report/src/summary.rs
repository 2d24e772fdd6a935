//! The last line: what was found, in what, and what was not looked at.

use std::collections::BTreeSet;

use crate::inert;
use crate::words::count;
use careen_rule::{Report, Severity};

/// What was found, in what, what was suppressed and what was not looked at, on one line.
pub(crate) fn line(report: &Report, fail_on: Severity) -> String {
    let mut parts = vec![found(report, fail_on)];
    let summary = &report.summary;
    let looked_at = join(&[
        (summary.objects, "object", "objects"),
        (summary.dockerfiles, "Dockerfile", "Dockerfiles"),
        (summary.images, "image", "images"),
        (summary.certificates, "certificate", "certificates"),
    ]);
    parts.extend(looked_at.map(|things| format!("{things} looked at")));
    let left_out = join(&[
        (summary.binary, "binary file", "binary files"),
        (summary.templates, "template", "templates"),
    ]);
    parts.extend(left_out.map(|things| format!("not looked at: {things}")));
    if summary.commits > 0 {
        let versions = count(summary.files, "version of a file", "versions of files");
        let commits = count(summary.commits, "commit", "commits");
        parts.push(format!("{versions} in {commits} searched"));
    }
    let suppressed = report.findings.len() - report.active().count();
    if suppressed > 0 {
        let by: Vec<String> = report
            .suppressed_by()
            .into_iter()
            .map(|(source, number)| format!("{number} by {}", inert::line(source)))
            .collect();
        let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
        parts.push(format!("{suppressed} suppressed{by}"));
    }
    if !report.is_complete() {
        parts.push("the analysis is incomplete, see the warnings above".to_owned());
    }
    format!("{}: {}", inert::line(&report.tool.name), parts.join("; "))
}

fn found(report: &Report, fail_on: Severity) -> String {
    let is_history = report.summary.commits > 0;
    let files = count(report.summary.files, "file", "files");
    let paths: BTreeSet<&str> = report.active().map(|finding| &*finding.path).collect();
    let number = report.active().count();
    if number == 0 {
        let summary = &report.summary;
        // Objects may come from elsewhere than files, such as a cluster.
        let things = summary.objects + summary.dockerfiles + summary.images + summary.certificates;
        return match (summary.files, things) {
            _ if is_history => "no findings".to_owned(),
            (0, 0) => "nothing was checked: no file was read".to_owned(),
            (0, _) => "no findings".to_owned(),
            _ => format!("no findings in {files}"),
        };
    }
    let of = |severity| report.active().filter(|finding| finding.severity == severity).count();
    let levels: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (of(severity), severity))
        .filter(|&(number, _)| number > 0)
        .map(|(number, severity)| format!("{number} {severity}"))
        .collect();
    let fatal = report.active().filter(|finding| finding.severity >= fail_on).count();
    let fatal = match fatal {
        _ if fatal == number => String::new(),
        0 => format!("; none fails below {fail_on}"),
        1 => format!("; 1 fails at {fail_on} and above"),
        _ => format!("; {fatal} fail at {fail_on} and above"),
    };
    let findings = count(number, "finding", "findings");
    let levels = levels.join(", ");
    let paths = paths.len();
    // A finding may stand in something that is no file of the run, such as a cluster's object.
    let files = if paths < report.summary.files && !is_history {
        format!("{paths} of {files}")
    } else {
        count(paths, "file", "files")
    };
    format!("{findings} ({levels}{fatal}) in {files}")
}

/// `2 objects, 1 Dockerfile`; nothing if all are none.
fn join(things: &[(usize, &str, &str)]) -> Option<String> {
    let things: Vec<String> = things
        .iter()
        .filter(|(number, _, _)| *number > 0)
        .map(|(number, one, many)| count(*number, one, many))
        .collect();
    (!things.is_empty()).then(|| things.join(", "))
}

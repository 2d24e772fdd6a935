//! Whole files as people commit them, with the lines on which something is to be found, and files
//! in which there is nothing to find.
//!
//! A case starts with `=== name: path`; its text follows up to the next one. `«rule»` at the end
//! of a line says that the rule finds something there. `·` inside of values keeps scanners of
//! this repository quiet; it and the marks are taken out before the linter sees the text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use std::collections::BTreeSet;

use careen_lint_secrets::SecretsLinter;
use careen_model::{Context, Linter, parse};
use careen_rule::{Finding, Findings};
use careen_text::Source;

const FIND: [&str; 4] = [
    include_str!("cases/find/kubernetes.txt"),
    include_str!("cases/find/files.txt"),
    include_str!("cases/find/more.txt"),
    include_str!("cases/find/generic.txt"),
];
const LEAVE: [&str; 3] = [
    include_str!("cases/leave/all.txt"),
    include_str!("cases/leave/more.txt"),
    include_str!("cases/leave/generic.txt"),
];

/// One case, ready to check.
struct Case<'t> {
    name: &'t str,
    path: &'t str,
    text: String,
    /// Line, from 1, and rule.
    expected: BTreeSet<(u32, String)>,
}

fn cases(bundle: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut number = 0;
    for line in bundle.lines() {
        if let Some(head) = line.strip_prefix("=== ") {
            let (name, path) = head.split_once(": ").unwrap();
            cases.push(Case { name, path, text: String::new(), expected: BTreeSet::new() });
            number = 0;
            continue;
        }
        let case = cases.last_mut().expect("a head comes first");
        number += 1;
        let (line, marks) = line.split_once(" «").unwrap_or((line, ""));
        for rule in marks.split(['«', '»', ' ']).filter(|rule| !rule.is_empty()) {
            case.expected.insert((number, rule.to_owned()));
        }
        case.text.push_str(&line.replace('·', ""));
        case.text.push('\n');
    }
    cases
}

fn check(path: &str, text: &str) -> Vec<Finding> {
    let file = parse(Source::new(path, text), path);
    let mut findings = Findings::of_file();
    SecretsLinter::new().check_file(&file, &Context::at(0), &mut findings);
    findings.into_vec()
}

/// Every finding masks what it points at, and says nothing of what it masks.
fn is_discreet(finding: &Finding) -> bool {
    let source = &finding.location.source;
    let masked = |span| finding.secrets.iter().any(|secret| secret.encloses(span));
    let silent = finding
        .secrets
        .iter()
        .map(|&span| source.slice(span).trim())
        .all(|secret| secret.len() < 8 || !finding.message.contains(secret));
    masked(finding.location.span) && silent
}

fn run(bundles: &[&str]) -> (usize, Vec<String>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in bundles.iter().flat_map(|bundle| cases(bundle)) {
        count += 1;
        let findings = check(case.path, &case.text);
        let found: BTreeSet<(u32, String)> = findings
            .iter()
            .map(|finding| {
                let line = finding.location.source.position(finding.location.span.start).line;
                (line, finding.rule.id.to_owned())
            })
            .collect();
        let missed: Vec<_> = case.expected.difference(&found).collect();
        let more: Vec<_> = found.difference(&case.expected).collect();
        if !missed.is_empty() || !more.is_empty() {
            wrong.push(format!("{}: missed {missed:?}, found besides {more:?}", case.name));
        }
        if !findings.iter().all(is_discreet) {
            wrong.push(format!("{}: a finding shows what it should mask", case.name));
        }
    }
    (count, wrong)
}

#[test]
fn what_is_committed_is_found_on_its_line() {
    let (count, wrong) = run(&FIND);
    assert!(count >= 70, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_no_secret_is_left_alone() {
    let (count, wrong) = run(&LEAVE);
    assert!(count >= 40, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}

//! The fixture repositories: harbor's expected report, and the silence of its twin.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::harness::{AT, root, run};

fn report(name: &str) -> Value {
    let path = format!("fixtures/repos/{name}");
    run(&root(), &["check", &path, "--format", "json", "--at", AT]).json()
}

/// One line a finding: place, severity, rule, message.
fn lines(report: &Value, name: &str) -> String {
    let prefix = format!("fixtures/repos/{name}/");
    let mut lines = String::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap();
        let number = |key: &str| finding[key].as_u64().unwrap();
        writeln!(
            lines,
            "{}:{}:{}-{}:{} {} {}: {}",
            text("path").strip_prefix(&prefix).unwrap_or(text("path")),
            number("line"),
            number("column"),
            number("end_line"),
            number("end_column"),
            text("severity"),
            text("rule"),
            text("message"),
        )
        .unwrap();
    }
    for note in report["notes"].as_array().unwrap() {
        writeln!(lines, "note {}", note["message"].as_str().unwrap()).unwrap();
    }
    lines
}

#[test]
fn harbor_is_reported_as_expected() {
    expect("harbor");
}

/// What shows only when the certificates, keys and manifests of a repository are held together.
#[test]
fn galleon_is_reported_as_expected() {
    expect("galleon");
    let report = report("galleon");
    let found = report["findings"].as_array().unwrap();
    for rule in [
        "ingress-certificate-does-not-cover-host",
        "chain-member-expired",
        "key-committed-live-certificate",
        "webhook-ca-bundle-does-not-verify-server",
        "certmanager-renew-before-ineffective",
        "certmanager-renewal-disabled",
    ] {
        let finding = found.iter().find(|finding| finding["rule"] == rule);
        let finding = finding.unwrap_or_else(|| panic!("{rule} is not told"));
        let is_across = !matches!(rule, "certmanager-renewal-disabled" | "chain-member-expired");
        let related = finding["related"].as_array().map_or(0, Vec::len);
        assert!(related > 0 || !is_across, "{rule} shows no other place");
    }
}

/// What is wrong with images before one is built: in the Dockerfile, in what compose files and
/// charts name, and in what a scan says of the digest that is deployed.
#[test]
fn shipyard_is_reported_as_expected() {
    expect("shipyard");
}

/// Set `CAREEN_UPDATE=1` to write the expected report anew; then read the difference.
fn expect(name: &str) {
    let path = root().join(format!("fixtures/expected/{name}.txt"));
    let actual = lines(&report(name), name);
    if std::env::var_os("CAREEN_UPDATE").is_some() {
        fs::write(&path, &actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let missing: Vec<_> = expected.lines().filter(|line| !actual.contains(line)).collect();
    let new: Vec<_> = actual.lines().filter(|line| !expected.contains(line)).collect();
    assert!(actual == expected, "no longer reported: {missing:#?}\nnew: {new:#?}");
}

/// Repositories as careful teams keep them: Kustomize, an operator, Gateway API with state and jobs.
#[test]
fn well_kept_repositories_have_nothing_that_matters() {
    for name in ["convoy", "lighthouse", "tugboat"] {
        let report = report(name);
        let lines = lines(&report, name);
        let matters = |line: &&str| {
            ["critical", "high", "medium"].iter().any(|level| line.contains(&format!(" {level} ")))
        };
        let found: Vec<_> = lines.lines().filter(matters).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
        assert!(report["summary"]["objects"].as_u64().unwrap() > 5, "it was looked at");
    }
}

#[test]
fn seaworthy_is_silent() {
    let report = report("seaworthy");
    assert_eq!(lines(&report, "seaworthy"), "");
    assert!(report["summary"]["objects"].as_u64().unwrap() > 5, "it was looked at");
}

#[test]
fn every_linter_has_a_say_on_harbor() {
    let listed = run(&root(), &["rules", "--format", "json"]).json();
    let report = report("harbor");
    for linter in ["kubernetes", "images", "secrets", "tls"] {
        let own: Vec<_> = listed["rules"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|rule| rule["linter"] == linter)
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        let found = report["findings"].as_array().unwrap();
        let found =
            found.iter().filter(|finding| own.contains(&finding["rule"].as_str().unwrap())).count();
        assert!(found >= 3, "{linter}: {found}");
    }
}

//! Rules about time, at many times: nothing here looks at a clock.

use careen_lint_tls::TlsLinter;
use careen_model::{Context, Linter, parse};
use careen_rule::Findings;
use careen_testkit::{NOW, make};
use careen_text::Source;

const DAY: i64 = 86_400;
const TIMED: &[&str] =
    &["cert-expired", "cert-expires-soon", "cert-not-yet-valid", "cert-validity-inverted"];

/// What the rules about time say of one file at a moment.
fn verdict(path: &str, text: &str, now: i64) -> Vec<(&'static str, String)> {
    let file = parse(Source::new(path, text), path);
    let mut findings = Findings::of_file();
    TlsLinter.check_file(&file, &Context::at(now), &mut findings);
    let timed = findings.iter().filter(|finding| TIMED.contains(&finding.rule.id));
    timed.map(|finding| (finding.rule.id, finding.message.clone())).collect()
}

#[test]
fn one_certificate_from_2018_to_2030() {
    // Valid from 2026-11-21 to 2027-02-19: 90 days, so the window is 30.
    let blobs = make("ca: {ca: true, not_after: 9y}\nleaf: {names: [a.example], issuer: ca}");
    let leaf = &blobs["leaf.crt"];
    let (start, end) = (NOW - 10 * DAY, NOW + 80 * DAY);
    // 2018-01-01.
    let mut now = 1_514_764_800;
    let mut seen = Vec::new();
    // 2030-01-01.
    while now < 1_893_456_000 {
        let expected = if now < start {
            Some("cert-not-yet-valid")
        } else if now > end {
            Some("cert-expired")
        } else if end - now < 30 * DAY {
            Some("cert-expires-soon")
        } else {
            None
        };
        let found: Vec<&str> =
            verdict("server.pem", leaf, now).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "at {now}");
        if seen.last() != Some(&expected) {
            seen.push(expected);
        }
        now += DAY / 2;
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}

#[test]
fn the_seconds_at_the_edges() {
    let blobs = make("ca: {ca: true, not_after: 9y}\nleaf: {names: [a.example], issuer: ca}");
    let leaf = &blobs["leaf.crt"];
    let (start, end) = (NOW - 10 * DAY, NOW + 80 * DAY);
    for (now, message) in [
        (start - 1, Some("is not valid before 2026-11-21, in less than a day")),
        (start, None),
        (end - 30 * DAY, None),
        (end - 30 * DAY + 1, Some("expires on 2027-02-19, in 29 days")),
        (end, Some("expires on 2027-02-19, in less than a day")),
        (end + 1, Some("expired on 2027-02-19, less than a day ago")),
        (end + DAY, Some("expired on 2027-02-19, 1 day ago")),
        (end + 800 * DAY, Some("expired on 2027-02-19, 2 years ago")),
        (i64::MAX, Some("expired on 2027-02-19, ")),
        (i64::MIN, Some("is not valid before 2026-11-21, ")),
    ] {
        let found = verdict("server.pem", leaf, now);
        match message {
            Some(message) => {
                assert_eq!(found.len(), 1, "at {now}");
                assert!(found[0].1.contains(message), "at {now}: {found:?}");
            }
            None => assert!(found.is_empty(), "at {now}: {found:?}"),
        }
    }
}

#[test]
fn an_expired_certificate_is_told_once() {
    let blobs = make(
        "root: {ca: true, not_before: -20d, not_after: -1d}\n\
         leaf: {names: [a.example], issuer: root, not_before: -20d, not_after: -1d}",
    );
    let (root, leaf) = (&blobs["root.crt"], &blobs["leaf.crt"]);
    let chain = format!("{leaf}{root}");
    for (path, text, expected) in [
        ("server.pem", leaf, vec!["cert-expired"]),
        ("server.pem", &chain, vec!["cert-expired", "chain-member-expired"]),
        ("a.pem", root, vec!["trust-bundle-expired-ca"]),
        ("ca.crt", root, vec!["trust-bundle-expired-ca"]),
        ("ca.crt", leaf, vec!["trust-bundle-expired-ca"]),
        ("client.crt", leaf, vec!["cert-expired"]),
        ("main.go", leaf, vec!["cert-expired"]),
    ] {
        let file = parse(Source::new(path, text.as_str()), path);
        let mut findings = Findings::of_file();
        TlsLinter.check_file(&file, &Context::at(NOW), &mut findings);
        let found: Vec<&str> = findings
            .iter()
            .map(|finding| finding.rule.id)
            .filter(|rule| rule.contains("expired"))
            .collect();
        assert_eq!(found, expected, "{path}");
    }
}

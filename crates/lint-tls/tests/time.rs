//! Rules about time, at many times: nothing here looks at a clock.

use careen_lint_tls::TlsLinter;
use careen_model::{Context, Linter, parse};
use careen_rule::{Findings, Severity};
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

/// What one rule says of a certificate at a moment, with its severity.
fn told(rule: &str, text: &str, now: i64) -> Option<(String, Severity)> {
    let file = parse(Source::new("shop.pem", text), "shop.pem");
    let mut findings = Findings::of_file();
    TlsLinter.check_file(&file, &Context::at(now), &mut findings);
    let mut of_rule = findings.iter().filter(|finding| finding.rule.id == rule);
    of_rule.next().map(|finding| (finding.message.clone(), finding.severity))
}

/// 2018-01-01 and 2031-01-01.
const WALK: std::ops::Range<i64> = 1_514_764_800..1_924_992_000;

/// Longest lives of public certificates in days, with the first days of each: 2016-07-01,
/// 2018-03-01, 2020-09-01, 2026-03-15, 2027-03-15, 2029-03-15.
const LIVES: [(i64, i64); 6] = [
    (1_467_331_200, 1188),
    (1_519_862_400, 825),
    (1_598_918_400, 398),
    (1_773_532_800, 200),
    (1_805_068_800, 100),
    (1_868_227_200, 47),
];
/// 2027-03-15.
const CLIENTS_REFUSED: i64 = 1_805_068_800;
/// Authorities by O, the day on which they were distrusted, and whether for certificates that
/// begin from then on only: 2024-11-12, 2025-08-01, 2018-10-16, 2021-04-14, 2022-12-01.
const DISTRUSTED: [(&str, &str, i64, bool); 5] = [
    ("entrust", "Entrust, Inc.", 1_731_369_600, true),
    ("chunghwa", "Chunghwa Telecom Co., Ltd.", 1_754_006_400, true),
    ("symantec", "Symantec Corporation", 1_539_648_000, false),
    ("camerfirma", "AC Camerfirma S.A.", 1_618_358_400, false),
    ("trustcor", "TrustCor Systems S. de R.L.", 1_669_852_800, true),
];

/// The moments of the walk: every 29 days, and both sides of every day that matters.
fn moments() -> Vec<i64> {
    let regular = WALK.step_by(29 * 86_400);
    let days = LIVES.iter().map(|(day, _)| *day).chain(DISTRUSTED.iter().map(|each| each.2));
    let edges = days.flat_map(|day| [day - 1, day]).filter(|moment| WALK.contains(moment));
    let mut all: Vec<i64> = regular.chain(edges).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Properties of a certificate that is valid from a moment on for so many seconds.
fn period(begin: i64, seconds: i64) -> String {
    let (start, end) = (begin - NOW, begin + seconds - 1 - NOW);
    format!("names: [shop.example.com], not_before: {start}s, not_after: {end}s")
}

fn limit(begin: i64) -> i64 {
    LIVES.iter().rev().find(|(day, _)| begin >= *day).map_or(0, |(_, days)| *days)
}

#[test]
fn public_lives_from_2018_to_2031() {
    let mut recipe = String::from("ca: {ca: true, not_before: -20y, not_after: 9y}\n");
    for begin in moments() {
        let days = limit(begin) * DAY;
        for (name, seconds) in [("whole", days), ("over", days + 1), ("spare", days - DAY)] {
            let period = period(begin, seconds);
            recipe += &format!(
                "{name}{begin}: {{{period}, issuer: ca, public: true, usages: [server_auth]}}\n"
            );
        }
    }
    let blobs = make(&recipe);
    let mut limits = Vec::new();
    for begin in moments() {
        let limit = limit(begin);
        for (name, expected) in [
            ("whole", (limit <= 398).then_some(Severity::Low)),
            ("over", Some(Severity::High)),
            ("spare", None),
        ] {
            let text = &blobs[&format!("{name}{begin}.crt")];
            // The clock has no say.
            for now in [begin, NOW, 0] {
                let found = told("cert-validity-too-long-public", text, now);
                let severity = found.as_ref().map(|(_, severity)| *severity);
                assert_eq!(severity, expected, "{name} at {begin}: {found:?}");
                let words = format!("may have {limit}");
                assert!(name != "over" || found.is_some_and(|(told, _)| told.ends_with(&words)));
            }
        }
        limits.push(limit);
    }
    limits.dedup();
    assert_eq!(limits, [1188, 825, 398, 200, 100, 47]);
}

#[test]
fn public_clients_from_2018_to_2031() {
    let mut recipe = String::from("ca: {ca: true, not_before: -20y, not_after: 9y}\n");
    for begin in moments() {
        for (name, public) in [("public", true), ("private", false)] {
            let period = period(begin, 40 * DAY);
            recipe += &format!(
                "{name}{begin}: {{{period}, issuer: ca, public: {public}, \
                 usages: [server_auth, client_auth]}}\n"
            );
        }
    }
    let blobs = make(&recipe);
    for begin in moments() {
        let said = |name: &str, now| {
            told("cert-client-auth-eku-sunset", &blobs[&format!("{name}{begin}.crt")], now)
                .is_some()
        };
        for now in [begin, NOW, 0] {
            assert_eq!(said("public", now), begin >= CLIENTS_REFUSED, "at {begin}");
            assert!(!said("private", now), "at {begin}");
        }
    }
}

#[test]
fn distrust_from_2018_to_2031() {
    let mut recipe = String::new();
    for (name, organization, ..) in DISTRUSTED {
        recipe += &format!(
            "{name}: {{ca: true, subject: {{O: '{organization}'}}, not_before: -20y, not_after: 9y}}\n\
             {name}old: {{{}, issuer: {name}}}\n",
            period(WALK.start, 800 * DAY)
        );
        for begin in moments() {
            recipe += &format!("{name}{begin}: {{{}, issuer: {name}}}\n", period(begin, 40 * DAY));
        }
    }
    let blobs = make(&recipe);
    for (name, _, day, newer_only) in DISTRUSTED {
        for moment in moments() {
            let said =
                |blob: String, now| told("cert-distrusted-issuer", &blobs[&blob], now).is_some();
            let fresh = said(format!("{name}{moment}.crt"), moment);
            assert_eq!(fresh, moment >= day, "{name} at {moment}");
            // TrustCor lost what it had issued before a quarter of a year later: 2023-03-07.
            let all_from = match name {
                "trustcor" => 1_678_147_200,
                _ if newer_only => i64::MAX,
                _ => day,
            };
            let old = said(format!("{name}old.crt"), moment);
            assert_eq!(old, moment >= all_from, "old {name} at {moment}");
        }
    }
}

#[test]
fn a_forecast_lists_what_expires_in_every_role() {
    let blobs = make(
        "root: {ca: true, not_after: 150d}\n\
         ca: {ca: true, issuer: root, not_after: 120d}\n\
         leaf: {names: [a.example], issuer: ca, not_after: 100d}\n\
         soon: {names: [a.example], issuer: ca, not_after: 20d, not_before: -200d}",
    );
    let chain = format!("{}{}", blobs["leaf.crt"], blobs["ca.crt"]);
    let listed = |path: &str, text: &str, days: Option<i64>| {
        let file = parse(Source::new(path, text), path);
        let mut findings = Findings::of_file();
        let context = Context { forecast: days.map(|days| days * DAY), ..Context::at(NOW) };
        TlsLinter.check_file(&file, &context, &mut findings);
        let soon = findings.iter().filter(|finding| finding.rule.id == "cert-expires-soon");
        soon.map(|finding| finding.severity).collect::<Vec<_>>()
    };
    use Severity::{Info, Medium};
    assert_eq!(listed("server.pem", &chain, None), []);
    assert_eq!(listed("server.pem", &chain, Some(90)), []);
    assert_eq!(listed("server.pem", &chain, Some(100)), [Info]);
    assert_eq!(listed("server.pem", &chain, Some(130)), [Info, Info]);
    assert_eq!(listed("ca.crt", &blobs["root.crt"], None), []);
    assert_eq!(listed("ca.crt", &blobs["root.crt"], Some(150)), [Info]);
    assert_eq!(listed("server.pem", &blobs["soon.crt"], None), [Medium]);
    assert_eq!(listed("server.pem", &blobs["soon.crt"], Some(365)), [Medium]);
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

use super::{CONFIG, hits, joined};
use crate::catalogue::own;
use crate::check::Find;
use careen_rule::{Confidence, Severity};

/// The text of an example, without caret lines and the marks in broken tokens.
fn prepare(body: &str) -> String {
    let is_text = |line: &&str| {
        let comment = line.trim_start().strip_prefix('#').map(str::trim_start);
        !comment.is_some_and(|rest| rest.starts_with('^'))
    };
    body.lines().filter(is_text).map(|line| joined(line) + "\n").collect()
}

#[test]
fn nothing_shown_holds_more_than_the_public_prefix() {
    for rule in own() {
        for example in rule.meta.examples() {
            let text = prepare(&example.body);
            for hit in hits(&text, CONFIG) {
                let secret = &text[hit.secret.range()];
                let tail = &secret[secret.len() / 2..];
                assert!(!hit.message.contains(tail), "{}", rule.meta.id);
                assert!(!hit.evidence.contains(tail), "{}", rule.meta.id);
            }
        }
    }
}

#[test]
fn a_checksum_decides_between_certain_and_low() {
    let mut judged = 0;
    for id in [
        "github-token-committed",
        "npm-token-committed",
        "grafana-token-committed",
        "atlassian-token-committed",
        "bitbucket-password-committed",
        "cloudflare-token-committed",
        "age-secret-key-committed",
    ] {
        let rule = own().find(|rule| rule.meta.id == id).unwrap();
        let example = rule.meta.examples().into_iter().find(|each| each.has("bad")).unwrap();
        let text = prepare(&example.body);
        let found = hits(&text, CONFIG);
        assert_eq!(found[0].confidence, Confidence::Certain, "{id}");
        // Another character in the middle of the body.
        let middle = found[0].secret.start as usize + found[0].secret.len() as usize / 2;
        let other = if &text[middle..=middle] == "Q" { "R" } else { "Q" };
        let broken = format!("{}{other}{}", &text[..middle], &text[middle + 1..]);
        let found = hits(&broken, CONFIG);
        assert_eq!(found[0].confidence, Confidence::Low, "{id}");
        assert!(found[0].message.ends_with("its checksum does not fit"), "{id}");
        judged += 1;
    }
    assert_eq!(judged, 7);
}

#[test]
fn every_find_has_a_rule() {
    for find in [
        Find::Password,
        Find::Secret,
        Find::PrivateKey,
        Find::ServiceAccountKey,
        Find::UrlPassword,
        Find::ConnectionPassword,
        Find::KubernetesSecret,
        Find::Authorization,
        Find::AwsSecret,
    ] {
        assert!(find.rule().is_some(), "{find:?}");
    }
}

#[test]
fn what_hurts_less_is_milder() {
    let severity = |id: &str, from: &str, to: &str| {
        let rule = own().find(|rule| rule.meta.id == id).unwrap();
        let example = rule.meta.examples().into_iter().find(|each| each.has("bad")).unwrap();
        let text = prepare(&example.body);
        assert_eq!(hits(&text, CONFIG)[0].severity, rule.meta.severity, "{id}");
        hits(&text.replace(from, to), CONFIG)[0].severity
    };
    let id = "private-key-committed";
    assert_eq!(severity(id, " RSA PRIVATE", " ENCRYPTED PRIVATE"), Severity::Medium);
    assert_eq!(severity("aws-access-key-id-committed", "AKIA", "ASIA"), Severity::Low);
    assert_eq!(severity("stripe-key-committed", "sk_live_", "sk_test_"), Severity::Low);
}

use careen_audit_model::{Audit, Phase, Status};

use crate::audit::sample::{go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

fn text(audit: &Audit, options: &Options) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Text, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn narrow() -> Options {
    Options { width: Some(80), ..Options::default() }
}

#[test]
fn the_first_screen() {
    let expected = "\
NO-GO: 5 blockers
who must act: security 2, dba 1, operations 1, nobody yet 1

  version       1.5.0
  commit        3f9d2c61b07e, and files differ from it
  content       sha256:8d2f6c1e0b57
  last release  v1.4.0 at b7d41a90c2e8, 2026-11-02
  checklist     docs/production.md, sha256:60303ae22b99
  controls      sha256:a4e624d686e0
  judged        2026-11-26 12:00:00 UTC, before the deployment, by careen 0.8.0

Blockers
  security: 2 blockers
    x fail     Credentials come from a vault (secrets-in-vault)
               2 credentials stand in files
               deploy/api.yaml:24:18 secret-in-env: variable `DB_PASSWORD` in
                 Deployment `shop/api` holds a password
               src/payments/config.env:2:7 stripe-key: a key of Stripe stands in
                 a file
               why  Whoever can read the repository has them, and they stay in
                    its history.
               fix  Revoke them, then name them in an `ExternalSecret`.
    ~ stale    Images were scanned for known vulnerabilities (image-scanned)
";
    let shown = text(&sample(), &narrow());
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.lines().count() <= 125, "{}", shown.lines().count());
}

#[test]
fn what_passes_is_counted() {
    let shown = text(&sample(), &narrow());
    let expected = "
Checklist: 15 lines
  2 fail, 1 stale, 2 not-run, 1 manual, 1 waived, 7 pass, 1 not-applicable

  Code: 2 of 3 pass
    ! waived   L7 Functions are not too complex (code-complexity)
  Code > Documents: all 2 pass
  Security: 0 of 3 pass
    x fail     L13 No credential stands in the repository (secrets-in-vault)
               The box is ticked in the file, which proves nothing.
    ~ stale    L14 Images have no known vulnerabilities (image-scanned)
    ? manual   L15 The support team knows what is new
  Database: 1 of 3 pass
    x fail     L19 Every store is backed up (backup-configured)
    - n/a      L21 Replicas have alerts (database-alerts)
               no replicated database is in sight
  Operations: 2 of 3 pass
    o not-run  L26 p99 is below 500 ms under load (load-tested)
  After the deployment: 0 of 1 pass
    o not-run  L31 The canary was watched for 10 minutes (canary-watched), known
               after the deployment

To get this report again
  careen audit . --checklist docs/production.md --release 1.5.0 --since v1.4.0 --compare \
audits/1.4.0.json --at 2026-11-26T12:00:00Z
";
    assert!(shown.ends_with(expected), "{shown}");
    let full = text(&sample(), &Options { full: true, ..narrow() });
    for part in [
        "L5 All unit tests pass",
        "says evidence/junit.xml",
        "12 containers at deploy/api.yaml:17:9",
    ] {
        assert!(full.contains(part) && !shown.contains(part), "{part}\n{full}");
    }
    assert!(full.contains("3f9d2c61b07e4a58c1d6e9f2a4b8075c6d3e1f90"), "whole digests");
}

#[test]
fn people_answer_for_things() {
    let shown = text(&sample(), &Options::default());
    for part in [
        "  expired    image-scanned, expired 4 days ago (2026-11-22), answered for by Margaret Hamilton\n",
        "  ends soon  code-complexity, expires in 13 days (2026-12-09), answered for by Barbara Liskov\n",
        "             instead: It is fuzzed every night.\n",
        "  stale    backup-configured, dba: Edgar Codd, 100 days ago (2026-08-18), expired 11 days ago",
        "           refused: the key of Mallory may not sign as operations\n",
        "signed by grace@example.org with SHA256:9fK1uOa2Yv0l8Qw3ZrTtXc5Jm7Ne4Pb6Hd1Gs8Lq0Ro\n",
        "  claimed  release-notes, product: Ada Lovelace, yesterday (2026-11-25), expires in 88 days",
        "  worse    secrets-in-vault was pass, is fail: 2 credentials stand in files\n",
        "  new  src/payments/config.env:2:7 stripe-key: a key of Stripe stands in a file\n",
        "  refused     evidence/trivy.json fd61a03af4f7\n              it is stale: it speaks of another",
        "  incomplete  deploy/broken.yaml:12: no mapping here: the document is left out\n",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn verdicts_without_blockers_say_no_more() {
    let shown = text(&waived(), &narrow());
    assert!(
        shown.starts_with("GO with waivers (1, next expires 2026-12-09)\n\n  version "),
        "{shown}"
    );
    assert!(!shown.contains("who must act") && !shown.contains("Blockers"));
    let shown = text(&go(), &narrow());
    assert!(
        shown.starts_with("GO\n\n  version       not known\n  commit        none: "),
        "{shown}"
    );
    assert!(shown.contains("\n  Everything that was asked for was looked at"), "{shown}");
}

#[test]
fn colours_and_signs_are_the_terminals() {
    let options = Options { color: true, unicode: true, width: Some(200), ..Options::default() };
    let shown = text(&sample(), &options);
    assert!(shown.starts_with("\u{1b}[1;31mNO-GO: 5 blockers\u{1b}[0m\n"), "{shown}");
    assert!(shown.contains("    \u{1b}[1;31m✗ fail\u{1b}[0m     Credentials"), "{shown}");
    assert!(shown.contains("Code › Documents"), "{shown}");
    let plain = text(&sample(), &Options::default());
    assert!(plain.is_ascii(), "{plain}");
    assert!(text(&waived(), &options).starts_with("\u{1b}[1;33mGO with waivers"));
}

#[test]
fn lines_keep_to_the_width() {
    for (width, full) in [(80, false), (80, true), (200, false), (120, true)] {
        let shown = text(&sample(), &Options { width: Some(width), full, ..Options::default() });
        for line in shown.lines().filter(|line| !line.starts_with("  careen audit")) {
            // A word that is longer than its column stays whole.
            let is_word = line.split_whitespace().count() <= 2;
            assert!(line.chars().count() <= width || is_word, "{width}: {line}");
        }
    }
}

#[test]
fn an_empty_repository_does_not_fill_the_screen() {
    let mut audit = sample();
    let mut item = audit.items[0].clone();
    item.status = Status::NotRun;
    item.phase = Phase::Before;
    item.controls.clear();
    audit.items = (1..=174).map(|line| careen_audit_model::Item { line, ..item.clone() }).collect();
    let shown = text(&audit, &narrow());
    assert!(
        shown.contains("  and 94 more; `--format html` and `--format json` list all\n"),
        "{shown}"
    );
    let full = text(&audit, &Options { full: true, ..narrow() });
    assert_eq!(full.matches("o not-run").count(), 176, "two blockers besides");
}

#[test]
fn hostile_text_is_text() {
    for options in [
        narrow(),
        Options { full: true, unicode: true, ..narrow() },
        Options { color: true, ..Options::default() },
    ] {
        let shown = text(&hostile(), &options);
        for line in shown.lines() {
            let plain = line.replace("\u{1b}[0m", "");
            let plain = ["1", "1;31", "1;32", "1;33", "1;36"]
                .iter()
                .fold(plain, |line, code| line.replace(&format!("\u{1b}[{code}m"), ""));
            assert_eq!(careen_text::sanitize_line(&plain), plain, "{line}");
            assert!(!line.trim_start().starts_with("::"), "{line}");
            assert!(!line.to_ascii_lowercase().contains("##vso["), "{line}");
        }
    }
}

#[test]
fn endless_audits_have_an_end() {
    let mut audit = sample();
    let finding = "a".repeat(5_000);
    audit.changes.as_mut().unwrap().new_findings = vec![finding; 5_000];
    let shown = text(&audit, &narrow());
    assert!(shown.contains("\n  and 4988 more\n"), "the first twelve are shown");
    assert!(shown.len() < 30_000, "{}", shown.len());
}

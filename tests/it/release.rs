//! What a release is made of besides code: a repository whose documents have flaws, end to end.

use std::path::Path;

use crate::harness::{check, folder, run};

const README: &str = "# shop\r\n\r\nGrüße: [guide](docs/guide.md#instal), [API](openapi.yaml),\r\n\
    [gone](docs/gone.md) and [here](#shop), [there](docs/), [outside](../../issues), [web](https://example.com/x).\r\n\
    <img src=\"img/ship.png\" alt=\"a ship\">\r\n\r\n[ref]: docs/old.md\r\n";

const CHANGELOG: &str = "# Changelog\n\n## [1.5.0] - 2026-02-30\n\n### Added\n\n- Vouchers.\n\n\
    ## [1.4.0] - 2026-01-10\n\n- Carts.\n";

const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: 1.5.0}\npaths:\n  /orders/{id}:\n    get:\n      \
    responses:\n        '200': {description: fine}\n";

const CONTACTS: &str = "# Contacts\n\nLast reviewed: 2026-01-01\n\n- On-call: Ada Byron, #shop-oncall\n\
    - Database: TBD\n";

fn shop() -> tempfile::TempDir {
    folder(&[
        ("README.md", README.as_bytes()),
        ("CHANGELOG.md", CHANGELOG.as_bytes()),
        ("openapi.yaml", OPENAPI.as_bytes()),
        ("docs/guide.md", b"# Guide\n\n## Install\n\nSee [home](../README.md).\n"),
        (".github/CODEOWNERS", b"* @example/shop\n/deploy/ platform\n"),
        ("CONTACTS.md", CONTACTS.as_bytes()),
        ("migrations/1_a.up.sql", b"DROP TABLE old_orders;\n"),
        ("migrations/001_b.up.sql", b"CREATE TABLE b (id int);\n"),
    ])
}

#[test]
fn what_is_wrong_in_any_repository_is_found_by_default() {
    let shop = shop();
    let expected = [
        ".github/CODEOWNERS:2:10 code-owners-invalid",
        "CHANGELOG.md:3:14 changelog-date-invalid",
        "README.md:3:16 readme-link-dead",
        "README.md:4:8 readme-link-dead",
        "README.md:5:11 readme-link-dead",
        "README.md:7:8 readme-link-dead",
        "migrations/1_a.up.sql:1:1 migration-version-duplicate",
        "openapi.yaml:4:3 api-description-invalid",
    ];
    assert_eq!(sorted(check(shop.path()).findings()), expected);
}

fn sorted(mut found: Vec<String>) -> Vec<String> {
    found.sort();
    found
}

fn selected(folder: &Path, rules: &str) -> Vec<String> {
    let report = run(folder, &["check", "--format", "json", "--select", rules]).json();
    let findings = report["findings"].as_array().unwrap();
    let shown = findings.iter().map(|finding| {
        format!("{}: {}", finding["path"].as_str().unwrap(), finding["message"].as_str().unwrap())
    });
    sorted(shown.collect())
}

#[test]
fn what_a_release_needs_is_found_where_it_is_asked_for() {
    let shop = shop();
    let rules = "runbook-missing,rollback-undocumented,code-owners-path-dead,contacts-incomplete,\
                 contacts-stale,migration-irreversible,migration-destructive,readme-missing,\
                 changelog-missing,contacts-missing,code-owners-missing";
    let expected = [
        ".github/CODEOWNERS: no file is meant by `/deploy/`",
        "CONTACTS.md: no contact is given for the roles `platform`, `security`, `escalation`",
        "CONTACTS.md: the contact for the role `database` names nobody",
        "CONTACTS.md: the contacts were last reviewed on 2026-01-01, 334 days ago",
        "README.md: nobody says how to undo a release: no document and no heading is about it",
        "README.md: nobody says what to do when the service fails: no document and no heading is about it",
        "migrations/001_b.up.sql: the step cannot be taken back: there is no `001_b.down.sql`",
        "migrations/1_a.up.sql: the step cannot be taken back: there is no `1_a.down.sql`",
        "migrations/1_a.up.sql: the step drops `old_orders`, and what it holds",
    ];
    assert_eq!(selected(shop.path(), rules), expected);
}

#[test]
fn of_a_part_nothing_is_told_to_be_missing() {
    let shop = shop();
    let only_links = |arguments: &[&str]| {
        let mut all =
            vec!["check", "--format", "json", "--select", "readme-link-dead,changelog-missing"];
        all.extend(arguments);
        run(shop.path(), &all).findings()
    };
    assert_eq!(only_links(&["README.md"]), [""; 0]);
    assert_eq!(only_links(&["docs", "migrations"]), [""; 0]);
    // What is left out is there all the same.
    std::fs::write(shop.path().join("docs/gone.md"), "# Gone\n").unwrap();
    std::fs::write(shop.path().join(".careenignore"), "docs/gone.md\n").unwrap();
    let found = only_links(&[]);
    assert!(!found.contains(&"README.md:4:8 readme-link-dead".to_owned()), "{found:?}");
}

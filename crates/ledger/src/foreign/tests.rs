use careen_rule::Meta;

use super::Foreign;
use crate::Subject;

static TOKEN: Meta = Meta {
    id: "github-token",
    peers: &["gitleaks:github-pat", "betterleaks:github-token"],
    ..Meta::DEFAULT
};

/// The reason for which a finding on line 3 is accepted, `-` if it is not.
fn accepted(name: &str, text: &str, path: &str, line: &str, secret: &str) -> String {
    let (foreign, notes) = Foreign::read(name, text);
    let foreign = foreign.unwrap_or_else(|| panic!("{notes:?}"));
    let subject = Subject {
        rule: &TOKEN,
        path,
        lines: (3, 3),
        text: line,
        secrets: &[secret],
        held: None,
        fingerprint: "",
    };
    foreign.accepts(&subject).unwrap_or_else(|| "-".to_owned())
}

fn notes(name: &str, text: &str) -> Vec<String> {
    Foreign::read(name, text).1.into_iter().map(|note| note.message).collect()
}

#[test]
fn allowlists_of_gitleaks() {
    let accepts = |text: &str| {
        accepted(".gitleaks.toml", text, "src/a.env", "TOKEN=example-123", "example-123")
    };
    for (text, expected) in [
        ("", "-"),
        ("[allowlist]\ndescription = 'd'\npaths = ['''^src/.*\\.env$''']", "d"),
        ("[allowlist]\npaths = ['''^lib/''']", "-"),
        ("[[allowlists]]\nregexes = ['''^example-''']", ""),
        ("[[allowlists]]\nregexes = ['''^TOKEN''']", "-"),
        ("[[allowlists]]\nregexTarget = 'line'\nregexes = ['''^TOKEN''']", ""),
        ("[[allowlists]]\nstopwords = ['EXAMPLE']", ""),
        ("[[allowlists]]\nstopwords = ['sample', '']", "-"),
        ("[[allowlists]]\ncondition = 'AND'\npaths = ['src']\nstopwords = ['sample']", "-"),
        ("[[allowlists]]\ncondition = 'AND'\npaths = ['src']\nstopwords = ['example']", ""),
        ("[[allowlists]]\ncondition = 'AND'\n", "-"),
        ("[[allowlists]]\ntargetRules = ['aws-token']\npaths = ['src']", "-"),
        ("[[allowlists]]\ntargetRules = ['github-pat']\npaths = ['src']", ""),
        ("[[rules]]\nid = 'github-token'\n[rules.allowlist]\npaths = ['src']", ""),
        ("[[rules]]\nid = 'other'\nregex = 'x'\n[[rules.allowlists]]\npaths = ['src']", "-"),
        ("[[allowlists]]\ncommits = ['abc']\npaths = ['src']", ""),
        ("[[allowlists]]\ncondition = 'AND'\ncommits = ['abc']\npaths = ['src']", "-"),
        ("[allowlist]\npaths = ['(?<=x)src', 'src']", ""),
    ] {
        assert_eq!(accepts(text), expected, "{text}");
    }
    assert_eq!(notes(".gitleaks.toml", "[allowlist]\npaths = ['(?<=x)src']").len(), 1);
    assert_eq!(notes(".gitleaks.toml", "[allowlist]\ncommits = ['abc']").len(), 1);
    let broken = notes(".gitleaks.toml", "a = 1\n[allowlist]\npaths = 'hunter2'");
    assert!(broken[0].contains("line 3") && !broken[0].contains("hunter2"), "{broken:?}");
}

#[test]
fn fingerprints_of_gitleaks_fit_a_path_a_rule_and_a_line() {
    let accepts = |text: &str| accepted(".gitleaksignore", text, "src/a.env", "x", "y");
    for (text, expected) in [
        ("# a comment\n\nsrc/a.env:github-pat:3\n", ""),
        ("src/a.env:generic-api-key:3", ""),
        ("src/a.env:aws-token:3", "-"),
        ("src/a.env:github-pat:4", "-"),
        ("src/b.env:github-pat:3", "-"),
        ("4d5f6a7b8c9d0e1f4d5f6a7b8c9d0e1f4d5f6a7b:src/a.env:github-token:3", ""),
    ] {
        assert_eq!(accepts(text), expected, "{text}");
    }
    assert_eq!(
        notes(".gitleaksignore", "a\nb:c\n"),
        ["2 lines are no fingerprint `path:rule:line`"]
    );
}

#[test]
fn known_values_of_detect_secrets() {
    // SHA-1 of `hunter2`.
    let hash = "f3bbbd66a63d4bf1747940578ec3d0103530e21d";
    let accepts = |path: &str, text: &str, secret: &str| {
        accepted(".secrets.baseline", text, path, "pw = 'hunter2'", secret)
    };
    let known = |more: &str| {
        format!(
            "{{\"version\":\"1.5.0\",\"filters_used\":[{{\"path\":\"a.is_x\",\"min_level\":2}}],\
             \"results\":{{\"src/a.env\":[{{\"type\":\"Secret Keyword\",\"filename\":\"src/a.env\",\
             \"hashed_secret\":\"{hash}\",\"line_number\":9{more}}}]}}}}"
        )
    };
    assert_eq!(accepts("src/a.env", &known(""), "hunter2"), "");
    assert_eq!(accepts("src/a.env", &known(",\"is_secret\":false"), "'hunter2'"), "");
    assert!(accepts("src/a.env", &known(",\"is_secret\":true"), "hunter2").contains("rotate"));
    assert_eq!(accepts("src/a.env", &known(""), "hunter3"), "-");
    assert_eq!(accepts("src/b.env", &known(""), "hunter2"), "-");
    let filter = |name: &str, pattern: &str| {
        format!(
            "{{\"filters_used\":[{{\"path\":\"detect_secrets.filters.regex.{name}\",\"pattern\":\
             [\"{pattern}\"]}}],\"results\":{{}}}}"
        )
    };
    assert_ne!(accepts("src/a.env", &filter("should_exclude_file", "^src/"), "x"), "-");
    assert_eq!(accepts("lib/a.env", &filter("should_exclude_file", "^src/"), "x"), "-");
    assert_ne!(accepts("src/a.env", &filter("should_exclude_line", "^pw"), "x"), "-");
    assert_ne!(accepts("src/a.env", &filter("should_exclude_secret", "^x$"), "x"), "-");
    let broken = notes(".secrets.baseline", "{\n\"results\": \"hunter2\"}");
    assert!(broken[0].contains("line 2") && !broken[0].contains("hunter2"), "{broken:?}");
}

#[test]
fn the_header_is_what_detect_secrets_knows_of_a_private_key() {
    let line = "-----BEGIN RSA PRIVATE KEY-----";
    assert_eq!(super::detect_secrets::private_key_header(line), Some("BEGIN RSA PRIVATE KEY"));
    let block = "-----BEGIN PGP PRIVATE KEY BLOCK-----";
    assert_eq!(
        super::detect_secrets::private_key_header(block),
        Some("BEGIN PGP PRIVATE KEY BLOCK")
    );
}

#[test]
fn hostile_files_end_quickly() {
    let deep = "[".repeat(200_000);
    let many: String = (0..3_000).map(|at| format!("[[allowlists]]\npaths=['a{at}']\n")).collect();
    let large = format!("[allowlist]\npaths=['(a{{1000}}){{1000}}', '{}']", "x".repeat(100_000));
    for text in [deep.as_str(), many.as_str(), large.as_str(), "\0", "a:b:c:99999999999999"] {
        for name in super::FILES {
            let (_, notes) = Foreign::read(name, text);
            assert!(notes.iter().all(|note| note.message.len() < 200), "{notes:?}");
        }
    }
}

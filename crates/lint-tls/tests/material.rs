//! Where certificates are found: behind base64 in texts of every kind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed test is meant to panic"
)]

use careen_lint_tls::TlsLinter;
use careen_testkit::{check_files, make};

/// What `cert-expired` says of one file.
fn expired(path: &str, text: &str) -> Vec<String> {
    let report = check_files(&TlsLinter, &[(path, text)]);
    let ours = report.findings.iter().filter(|finding| finding.rule.id == "cert-expired");
    ours.map(|finding| finding.message.clone()).collect()
}

#[test]
fn expired_certificates_are_found_wherever_they_lie() {
    let recipe = "old: {names: [a.example.com], key: rsa2048, not_before: -99d, not_after: -9d}";
    let blobs = make(recipe);
    let (pem, der) = (&blobs["old.crt"], &blobs["old.der"]);
    let encoded = data_encoding::BASE64.encode(pem.as_bytes());
    let twice = data_encoding::BASE64.encode(encoded.as_bytes());
    let wrapped = |text: &str, width: usize| {
        let lines = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap());
        lines.collect::<Vec<_>>().join("\n")
    };
    for (path, text) in [
        (".env", format!("A=1\nTLS_CERT={encoded}\n")),
        ("up.sh", format!("export TLS_CERT=\"{encoded}\"\n")),
        ("up.sh", format!("export TLS_CERT=\"{}\"\n", wrapped(&encoded, 76))),
        ("main.tf", format!("locals {{\n  tls_cert = \"{encoded}\"\n}}\n")),
        ("app.properties", format!("tls.cert = {encoded}\n")),
        ("app.properties", format!("tls.cert = {der}\n")),
        ("idp.xml", format!("<ds:X509Certificate>{der}</ds:X509Certificate>\n")),
        ("idp.xml", format!("<ds:X509Certificate>\n{}\n</ds:X509Certificate>", wrapped(der, 64))),
        ("jwks.json", format!("{{\"keys\": [{{\"kty\": \"RSA\", \"x5c\": [\"{der}\"]}}]}}")),
        (
            "acme.json",
            format!("{{\"le\": {{\"Certificates\": [{{\"certificate\": \"{encoded}\"}}]}}}}"),
        ),
        ("values.yaml", format!("tls:\n  cert: {encoded}\n")),
        ("values.yaml", format!("tls:\n  cert: {twice}\n")),
        (
            "templates/tls.yaml",
            format!("{{{{ if .x }}}}\ndata:\n  tls.crt: {encoded}\n{{{{ end }}}}\n"),
        ),
    ] {
        assert_eq!(expired(path, &text).len(), 1, "{path}: {text}");
    }
}

#[test]
fn what_only_looks_like_base64_is_passed_over() {
    for (path, text) in [
        ("a.txt", format!("x=\"MII{}\"", "A".repeat(400))),
        ("a.txt", "LS0tLS1CRUdJTi".to_owned()),
        (".env", "CERT=LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t...\n".to_owned()),
    ] {
        let report = check_files(&TlsLinter, &[(path, &text)]);
        assert!(report.findings.is_empty(), "{path}: {text}");
    }
}

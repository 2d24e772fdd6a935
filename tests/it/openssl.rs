//! `openssl` as the oracle: what it reads in certificates and keys we read too, and a chain that
//! it refuses has a finding that says why.

use std::fs;
use std::path::Path;
use std::process::Command;

use careen_testkit::{Blobs, NOW, make};
use careen_text::{Derived, Source, Span};
use careen_x509_model::{Certificate, Content, scan};

use crate::harness::{folder, run};

/// Certificates of many kinds; issuers stand first.
const PKI: &str = r#"
root: {ca: true, common_name: Root CA, not_before: -1000d, not_after: 9y}
inter: {ca: true, common_name: Issuing CA, issuer: root, path_len: 0, not_after: 4y}
expired: {ca: true, common_name: Old CA, issuer: root, not_before: -900d, not_after: -9d}
walled: {ca: true, common_name: Walled CA, issuer: root, permitted: [shop.example.com], not_after: 4y}
deep: {ca: true, common_name: Deep CA, issuer: inter, not_after: 4y}
noca: {common_name: No CA, issuer: root, not_after: 4y}
mute: {ca: true, common_name: Mute CA, issuer: root, key_usages: [crl_sign], not_after: 4y}
mail: {ca: true, common_name: Mail CA, issuer: root, usages: [email], not_after: 4y}
leaf: {names: [shop.example.com, "*.shop.example.com", 10.0.0.1], issuer: inter, usages: [server_auth]}
p384: {names: [p384.example.com], issuer: inter, key: p384}
ed: {names: [ed.example.com], issuer: inter, key: ed25519}
rsa: {names: [rsa.example.com], issuer: inter, key: rsa2048, subject: {O: "Shop, Inc.", C: DE}}
lapsed: {names: [shop.example.com], issuer: inter, not_before: -90d, not_after: -1d}
early: {names: [shop.example.com], issuer: inter, not_before: 5d, not_after: 90d}
of_expired: {names: [shop.example.com], issuer: expired}
within: {names: [a.shop.example.com], issuer: walled}
outside: {names: [other.example.com], issuer: walled}
too_deep: {names: [shop.example.com], issuer: deep}
of_noca: {names: [shop.example.com], issuer: noca}
of_mute: {names: [shop.example.com], issuer: mute}
of_mail: {names: [shop.example.com], issuer: mail, usages: [server_auth]}
"#;

/// Leaf, intermediates, and whether the chain holds.
const CHAINS: [(&str, &[&str], bool); 14] = [
    ("leaf", &["inter"], true),
    ("p384", &["inter"], true),
    ("ed", &["inter"], true),
    ("rsa", &["inter"], true),
    ("within", &["walled"], true),
    ("lapsed", &["inter"], false),
    ("early", &["inter"], false),
    ("of_expired", &["expired"], false),
    ("outside", &["walled"], false),
    ("too_deep", &["deep", "inter"], false),
    ("of_noca", &["noca"], false),
    ("of_mute", &["mute"], false),
    ("of_mail", &["mail"], false),
    ("leaf", &["walled"], false),
];

/// Whether there is an `openssl`; says so aloud where there is none.
fn is_there() -> bool {
    let there = Command::new("openssl").arg("version").output().is_ok();
    if !there {
        eprintln!("SKIPPED: there is no `openssl` to compare with");
    }
    there
}

fn openssl(arguments: &[&str]) -> (bool, Vec<u8>) {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    (output.status.success(), output.stdout)
}

fn text(arguments: &[&str]) -> String {
    let (success, stdout) = openssl(arguments);
    assert!(success, "openssl {arguments:?}");
    String::from_utf8(stdout).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn contents(pem: &str) -> Vec<Content> {
    let source = Source::new("x.pem", pem);
    let derived = Derived::verbatim(&source, Span::of(0..pem.len()));
    scan(&derived).items.into_iter().map(|item| item.content).collect()
}

fn certificate(pem: &str) -> std::sync::Arc<Certificate> {
    match contents(pem).pop() {
        Some(Content::Certificate(certificate)) => certificate,
        other => panic!("{other:?}"),
    }
}

/// The lines `name=value` of `openssl x509`.
fn field<'a>(lines: &'a str, name: &str) -> &'a str {
    let found = lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("no {name} in {lines}"))
}

#[test]
fn openssl_reads_the_same_in_certificates_and_keys() {
    if !is_there() {
        return;
    }
    let blobs = make(PKI);
    let folder = folder(&[]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut compared = 0;
    for (name, pem) in blobs.iter().filter(|(name, _)| name.ends_with(".crt")) {
        fs::write(at(name), pem).unwrap();
        let ours = certificate(pem);
        let lines = text(&[
            "x509",
            "-in",
            &at(name),
            "-noout",
            "-serial",
            "-subject",
            "-issuer",
            "-nameopt",
            "RFC2253,-esc_msb",
            "-startdate",
            "-enddate",
            "-dateopt",
            "iso_8601",
            "-fingerprint",
            "-sha256",
        ]);
        assert_eq!(field(&lines, "subject"), ours.subject, "{name}");
        assert_eq!(field(&lines, "issuer"), ours.issuer, "{name}");
        let serial = field(&lines, "serial").to_ascii_lowercase();
        assert_eq!(serial.trim_start_matches('0'), ours.serial.trim_start_matches('0'), "{name}");
        assert_eq!(seconds(field(&lines, "notBefore")), ours.not_before, "{name}");
        assert_eq!(seconds(field(&lines, "notAfter")), ours.not_after, "{name}");
        let print = lines.lines().find(|line| line.contains("ingerprint=")).unwrap();
        let print = print.split_once('=').unwrap().1.replace(':', "").to_ascii_lowercase();
        assert_eq!(print, ours.sha256_hex(), "{name}");

        // The hash of the public key, from the certificate and from the private key. Older
        // releases do not read the form with a public half, in which Ed25519 keys are written.
        let public = text(&["x509", "-in", &at(name), "-noout", "-pubkey"]);
        fs::write(at("public.pem"), public).unwrap();
        let from_certificate = spki(&at, &["-pubin", "-in", &at("public.pem")]);
        assert_eq!(from_certificate.as_deref(), Some(&*hex(&ours.key.spki_sha256)), "{name}");
        let key = name.replace(".crt", ".key");
        fs::write(at(&key), &blobs[&key]).unwrap();
        let from_key = spki(&at, &["-in", &at(&key), "-pubout"]);
        match contents(&blobs[&key]).pop() {
            Some(Content::PrivateKey(private)) => {
                let own = hex(&private.key.unwrap().spki_sha256);
                assert!(from_key.is_none_or(|theirs| theirs == own), "{key}");
            }
            other => panic!("{other:?}"),
        }
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

/// SHA-256 of the public key that `openssl pkey` reads.
fn spki(at: &dyn Fn(&str) -> String, arguments: &[&str]) -> Option<String> {
    let arguments = [&["pkey", "-outform", "DER"], arguments].concat();
    let (success, public) = openssl(&arguments);
    fs::write(at("public.der"), public).unwrap();
    let print = text(&["dgst", "-sha256", "-r", &at("public.der")]);
    success.then(|| print.split_whitespace().next().unwrap().to_owned())
}

/// `2026-12-01 00:00:00Z` in Unix seconds, as `date` of the standard would say.
fn seconds(text: &str) -> i64 {
    let text = text.trim().trim_end_matches('Z').replace(' ', "T");
    let parts: Vec<i64> = text.split(['-', 'T', ':']).map(|part| part.parse().unwrap()).collect();
    let [year, month, day, hour, minute, second] = parts[..] else { panic!("{text}") };
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    ((days * 24 + hour) * 60 + minute) * 60 + second
}

#[test]
fn a_chain_that_openssl_refuses_has_a_finding_that_says_why() {
    if !is_there() {
        return;
    }
    let blobs = make(PKI);
    let mut wrong = String::new();
    for (leaf, intermediates, holds) in CHAINS {
        let oracle = verify(&blobs, leaf, intermediates);
        assert_eq!(oracle, holds, "openssl on {leaf} under {intermediates:?}");
        let says = careen_says(&blobs, leaf, intermediates);
        if says.is_empty() != holds {
            wrong +=
                &format!("{leaf} under {intermediates:?}: holds: {holds}, findings: {says:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn verify(blobs: &Blobs, leaf: &str, intermediates: &[&str]) -> bool {
    let pem = |name: &str| blobs[&format!("{name}.crt")].clone();
    let rest: String = intermediates.iter().map(|name| pem(name)).collect();
    let (leaf, root) = (pem(leaf), pem("root"));
    let folder = folder(&[
        ("leaf.pem", leaf.as_bytes()),
        ("rest.pem", rest.as_bytes()),
        ("root.pem", root.as_bytes()),
    ]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (moment, purpose) = (NOW.to_string(), "sslserver");
    let arguments = [
        "verify",
        "-attime",
        &moment,
        "-purpose",
        purpose,
        "-CAfile",
        &at("root.pem"),
        "-untrusted",
        &at("rest.pem"),
        &at("leaf.pem"),
    ];
    openssl(&arguments).0
}

/// The rules that say why the chain does not hold, for the file a server would be given.
fn careen_says(blobs: &Blobs, leaf: &str, intermediates: &[&str]) -> Vec<String> {
    const REASONS: [&str; 13] = [
        "cert-expired",
        "cert-not-yet-valid",
        "chain-broken-signature",
        "chain-eku-not-nested",
        "chain-issuer-no-keycertsign",
        "chain-issuer-not-ca",
        "chain-leaf-not-first",
        "chain-member-expired",
        "chain-misordered",
        "chain-missing-intermediate",
        "chain-name-constraint-violation",
        "chain-path-length-exceeded",
        "chain-unrelated-certificate",
    ];
    let mut chain = blobs[&format!("{leaf}.crt")].clone();
    for name in intermediates {
        chain += &blobs[&format!("{name}.crt")];
    }
    let key = &blobs[&format!("{leaf}.key")];
    let folder = folder(&[("server.crt", chain.as_bytes()), ("server.key", key.as_bytes())]);
    let found = findings(folder.path());
    found.into_iter().filter(|rule| REASONS.contains(&rule.as_str())).collect()
}

fn findings(folder: &Path) -> Vec<String> {
    let report = run(folder, &["check", "--select", "tls", "--format", "json"]).json();
    let found = report["findings"].as_array().unwrap();
    found.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

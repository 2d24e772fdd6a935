//! What messages say of rustls holds: whatever is said to be refused there, rustls refuses.

use careen_lint_tls::TlsLinter;
use careen_model::Linter as _;
use careen_testkit::{Blobs, check_files, make};
use careen_text::{Derived, Source, Span, decode_base64};
use webpki::{EndEntityCert, anchor_from_trusted_cert};

/// The rules of which every example is checked.
const RULES: [&str; 5] = [
    "cert-critical-extension-unsupported",
    "cert-duplicate-extension",
    "cert-malformed-der",
    "cert-signature-algorithm-mismatch",
    "cert-version-not-3",
];

/// Whether rustls can read the certificate of a server.
fn is_read(blobs: &Blobs, name: &str) -> bool {
    let source = Source::new("x", blobs[&format!("{name}.der")].as_str());
    let base64 = Derived::verbatim(&source, Span::of(0..source.text().len()));
    let Ok(decoded) = decode_base64(&base64) else { return false };
    let der = decoded.bytes.into();
    // An anchor may be worse than a server's certificate.
    EndEntityCert::try_from(&der).is_ok() && anchor_from_trusted_cert(&der).is_ok()
}

#[test]
fn what_rustls_is_said_to_refuse_it_refuses() {
    let mut refused = 0;
    for rule in TlsLinter.rules().into_iter().filter(|rule| RULES.contains(&rule.id)) {
        let examples = rule.examples();
        let recipe = examples.iter().find(|each| each.language() == "recipe");
        let Some(recipe) = recipe else { continue };
        let blobs = make(&recipe.body);
        let names: Vec<&str> = blobs.keys().filter_map(|name| name.strip_suffix(".crt")).collect();
        for name in names {
            let text = &blobs[&format!("{name}.crt")];
            let report = check_files(&TlsLinter, &[("server.pem", text)]);
            let said = report.findings.iter().find(|finding| {
                finding.rule.id == rule.id
                    && (finding.message.contains("rustls") || finding.message.contains("no client"))
            });
            // Times are read when the chain is verified, which nothing here does.
            match said.filter(|said| !said.message.contains("in not")) {
                Some(said) if !said.message.contains("end of not") => {
                    refused += 1;
                    assert!(!is_read(&blobs, name), "{name}: {}", said.message);
                }
                _ => {}
            }
            if name == "leaf" {
                assert!(is_read(&blobs, name), "{}: {name}", rule.id);
            }
        }
    }
    assert!(refused > 12, "{refused}");
}

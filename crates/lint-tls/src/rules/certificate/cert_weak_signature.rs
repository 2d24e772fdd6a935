use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::Certificate;

use crate::dates::dates;
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// MD5 and SHA-1 collide at prices that criminals pay, so a signature over them does not say
    /// what was signed. Go has refused SHA-1 since 1.18 (`x509: cannot verify signature: insecure
    /// algorithm SHA1-RSA`), browsers since 2017, OpenSSL at its default security level.
    ///
    /// The signature of a certificate by its own key is checked by nobody, so self-signed
    /// certificates are let be. Under the rules for public CAs, the few algorithms that these may
    /// sign with are all that passes, and roots made since SHA-1 was forbidden are named as well.
    ///
    /// ```recipe
    /// issuer: {ca: true, common_name: Shop CA, not_after: 5y, key: ed25519}
    /// edwards: {names: [shop.example.com], issuer: issuer, public: true}
    /// private: {names: [shop.example.com], issuer: issuer}
    /// md5: {names: [shop.example.com], issuer: issuer, forge: {signature_algorithm: "300d06092a864886f70d0101040500"}}
    /// ca: {prepared: sha1-ca}
    /// old: {prepared: sha1}
    /// leaf: {names: [shop.example.com]}
    /// ```
    /// ```pem bad
    /// ${old.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is signed with SHA-1
    /// ```
    /// ```pem bad
    /// ${md5.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is signed with MD5
    /// ${edwards.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is signed with `Ed25519`, which public CAs may not use
    /// ```
    /// ```pem good file=private.pem
    /// ${private.crt}
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    /// ```pem good file=ca.pem
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-weak-signature",
        summary: "certificate is signed with MD5 or SHA-1",
        remedy: "Have the certificate issued again with SHA-256 or better; a CA that still signs with SHA-1 must be reconfigured.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_signature_algorithm_not_supported",
            "zlint:e_sub_cert_or_sub_ca_using_sha1",
            "pkilint:cabf.serverauth.prohibited_signature_algorithm_encoding",
            "zlint:w_sub_cert_sha1_expiration_too_long",
            "testssl:cert_signatureAlgorithm",
        ],
        security: true,
        cwe: &[328],
        controls: &[control::TLS_VALID],
        references: &[
            "https://go.dev/doc/go1.18#sha1",
            "https://www.rfc-editor.org/rfc/rfc9155",
        ],
    }
}

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

/// Object identifiers of what Baseline Requirements 7.1.3.2 lists.
const PUBLIC: [&str; 7] = [
    "1.2.840.113549.1.1.10",
    "1.2.840.113549.1.1.11",
    "1.2.840.113549.1.1.12",
    "1.2.840.113549.1.1.13",
    "1.2.840.10045.4.3.2",
    "1.2.840.10045.4.3.3",
    "1.2.840.10045.4.3.4",
];

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let signature = &certificate.signature;
    let called = Called(certificate);
    let (message, severity) = match signature.weak {
        // Of the CAs in a chain, `chain-weak-member` tells.
        Some(_) if site.is_above_leaf() => return,
        Some(hash) if !certificate.self_issued => {
            (format!("{called} is signed with {hash}"), Severity::High)
        }
        Some(hash) if site.is_public() && is_forbidden(certificate, hash) => {
            (format!("{called} is signed with {hash}, though by itself"), Severity::Low)
        }
        None if site.is_public() && !PUBLIC.contains(&signature.oid.as_str()) => {
            let name = Shown(&signature.name);
            let message = format!("{called} is signed with `{name}`, which public CAs may not use");
            (message, Severity::Medium)
        }
        None if site.is_public() && signature.oid == RSASSA_PSS => {
            let message =
                format!("{called} is signed with RSASSA-PSS, which not every client takes");
            (message, Severity::Low)
        }
        _ => return,
    };
    let severity = if site.bundle.quoted { severity.min(Severity::Medium) } else { severity };
    out.report(site.item.place, message).evidence(evidence(certificate)).severity(severity);
}

/// Whether a public root may not be signed with a hash: SHA-1 was allowed for long.
fn is_forbidden(certificate: &Certificate, hash: &str) -> bool {
    hash != "SHA-1" || certificate.not_before >= dates().sha1_refused.0
}

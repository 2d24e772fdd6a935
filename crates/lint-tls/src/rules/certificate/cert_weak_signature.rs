use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// MD5 and SHA-1 collide at prices that criminals pay, so a signature over them does not say
    /// what was signed. Go has refused SHA-1 since 1.18 (`x509: cannot verify signature: insecure
    /// algorithm SHA1-RSA`), browsers since 2017, OpenSSL at its default security level.
    ///
    /// The signature of a certificate by its own key is checked by nobody, so self-signed
    /// certificates are let be.
    ///
    /// ```recipe
    /// ca: {prepared: sha1-ca}
    /// old: {prepared: sha1}
    /// leaf: {names: [shop.example.com]}
    /// ```
    /// ```pem bad
    /// ${old.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is signed with SHA-1
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

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let Some(hash) = certificate.signature.weak.filter(|_| !certificate.self_issued) else {
        return;
    };
    // Of the CAs in a chain, `chain-weak-member` tells.
    if site.is_above_leaf() {
        return;
    }
    let message = format!("{} is signed with {hash}", Called(certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Medium);
    }
}

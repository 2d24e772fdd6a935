use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A certificate names its signature algorithm twice: inside what is signed and beside the
    /// signature. If the two differ, somebody changed one of them, or the CA is broken. Go, rustls,
    /// BoringSSL and OpenSSL all refuse it (`x509: inner and outer signature algorithm identifiers
    /// don't match`).
    ///
    /// ```recipe
    /// torn: {names: [shop.example.com], forge: {outer_algorithm: "300a06082a8648ce3d040303"}}
    /// nulled: {names: [shop.example.com], forge: {outer_algorithm: "300c06082a8648ce3d0403020500"}}
    /// leaf: {names: [shop.example.com], forge: {serial: "7f01020304050607"}}
    /// ```
    /// ```pem bad
    /// ${torn.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is signed with `ecdsa-with-SHA384`, but what is signed says something else: no client takes it
    /// ```
    /// ```pem bad
    /// ${nulled.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is signed with `ecdsa-with-SHA256`, but
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-signature-algorithm-mismatch",
        summary: "certificate names two signature algorithms",
        remedy: "Copy the certificate again from its source, or have it issued again.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_cert_sig_alg_not_match_tbs_sig_alg",
            "pkilint:pkix.certificate_signature_algorithm_mismatch",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.1.2"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let signature = &site.certificate.signature;
    if !signature.inner_differs {
        return;
    }
    let message = format!(
        "{} is signed with `{}`, but what is signed says something else: no client takes it",
        Called(site.certificate),
        Shown(&signature.name)
    );
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Medium);
    }
}

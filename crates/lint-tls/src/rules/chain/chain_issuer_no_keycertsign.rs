use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::chain::tell;
use crate::path::FaultKind;
use crate::{BundleSite, Check};

rule! {
    /// keyUsage says what a key is for, and a CA whose keyUsage lacks `keyCertSign` may not sign
    /// certificates: Go refuses the chain (`x509: invalid signature: parent certificate cannot
    /// sign this kind of certificate`), OpenSSL says `invalid CA certificate`. It comes from CAs
    /// that were made with the template of a server's certificate. rustls does not look, so it
    /// may work in one program and fail in the next.
    ///
    /// A CA without keyUsage at all may sign, as far as this goes.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, key_usages: [digital_signature, crl_sign]}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// good-ca: {ca: true, common_name: Shop CA, not_after: 4y}
    /// good: {names: [shop.example.com], issuer: good-ca}
    /// silent-ca: {ca: true, common_name: Shop CA, not_after: 4y, key_usages: []}
    /// other: {names: [shop.example.com], issuer: silent-ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` issued `shop.example.com` without keyUsage `keyCertSign`
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${good-ca.crt}
    /// ```
    /// ```pem good
    /// ${other.crt}
    /// ${silent-ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-issuer-no-keycertsign",
        summary: "issuer in a chain may not sign certificates by its keyUsage",
        remedy: "Make the CA's certificate again with critical keyUsage `keyCertSign, cRLSign`, for the same key; what it issued stays valid.",
        severity: High,
        check: Check::Bundle(check),
        peers: &[
            "zlint:e_ca_key_cert_sign_not_set",
            "pkilint:pkix.ca_certificate_keycertsign_keyusage_not_set",
            "limbo:rfc5280::root-inconsistent-ca-extensions",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    tell(site, FaultKind::KeyUsage, "what it issued", out);
}

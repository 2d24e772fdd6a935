use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::chain::tell;
use crate::path::FaultKind;
use crate::{BundleSite, Check};

rule! {
    /// authorityKeyIdentifier tells validators which of several certificates of one name is the
    /// issuer's. If it does not fit although the signature does, OpenSSL, and with it Python,
    /// nginx and curl, passes over the right one (`unable to get local issuer certificate`), while
    /// Go and rustls find the path. The usual cause is a CA whose certificate was made again:
    /// with `authorityKeyIdentifier=issuer:always`, the old serial number stands in everything
    /// that was issued before.
    ///
    /// It is fine nowhere, and hard to find, since names, keys and signatures are all right.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, serial: "1001"}
    /// leaf: {names: [shop.example.com], issuer: ca, aki: false, extensions: [{oid: 2.5.29.35, der: "3006800401020304"}]}
    /// serial: {names: [shop.example.com], issuer: ca, aki: false, extensions: [{oid: 2.5.29.35, der: "300482021000"}]}
    /// same: {names: [shop.example.com], issuer: ca, aki: false, extensions: [{oid: 2.5.29.35, der: "300482021001"}]}
    /// good: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ authorityKeyIdentifier of the certificate for `shop.example.com` is not the subjectKeyIdentifier of its issuer `Shop CA`
    /// ${ca.crt}
    /// ```
    /// ```pem bad
    /// ${serial.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ authorityKeyIdentifier of the certificate for `shop.example.com` is not the serial number of its issuer `Shop CA`
    /// ${ca.crt}
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${ca.crt}
    /// ```
    /// ```pem good
    /// ${same.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-aki-ski-mismatch",
        summary: "authorityKeyIdentifier does not name the issuer's key",
        remedy: "Have the certificate issued again by the CA as it is now, with the key identifier alone in authorityKeyIdentifier.",
        severity: Medium,
        check: Check::Bundle(check),
        peers: &[
            "zlint:e_mp_authority_key_identifier_correct",
            "pkilint:cabf.serverauth.root_aki_ski_not_equal",
            "pkilint:cabf.authority_key_identifier_has_issuer_cert",
            "limbo:rfc5280::aki",
            "limbo:webpki::aki",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.1",
            "https://docs.openssl.org/master/man1/openssl-verification-options/",
        ],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    tell(site, FaultKind::KeyIdentifier, "the issuer", out);
}

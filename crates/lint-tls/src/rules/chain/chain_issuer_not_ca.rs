use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Name, evidence};
use crate::{BundleSite, Check};

rule! {
    /// Only a certificate with basicConstraints `CA:TRUE` may issue others; clients refuse every
    /// path through one that may not (Go: `x509: invalid signature: parent certificate cannot sign
    /// this kind of certificate`). Home-made CAs forget the extension, since `openssl x509 -req`
    /// adds none by itself.
    ///
    /// It is fine nowhere: were it allowed, everybody with a certificate could issue more.
    ///
    /// ```recipe
    /// ca: {common_name: Shop CA, not_after: 4y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// good-ca: {ca: true, common_name: Shop CA, not_after: 4y}
    /// good: {names: [shop.example.com], issuer: good-ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `Shop CA` issued `shop.example.com` and is no CA
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${good-ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-issuer-not-ca",
        summary: "issuer in a chain is no CA",
        remedy: "Make the CA's certificate again with critical basicConstraints `CA:TRUE` and keyUsage `keyCertSign`.",
        severity: High,
        check: Check::Bundle(check),
        peers: &[
            "zlint:e_ca_is_ca",
            "pkilint:cabf.serverauth.ca_basic_constraints_ca_bit_not_set",
            "limbo:rfc5280",
            "limbo:webpki",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    for (child, issuer) in site.path().zip(site.path().skip(1)) {
        if !issuer.certificate.is_ca() {
            let (what, name) = (Called(issuer.certificate), Name(child.certificate));
            let message = format!("{what} issued `{name}` and is no CA");
            out.report(issuer.item.place, message).evidence(evidence(issuer.certificate)).related(
                &site.file.source,
                child.item.place,
                "what it issued",
            );
        }
    }
}

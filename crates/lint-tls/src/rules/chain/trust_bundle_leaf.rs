use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// A server's certificate in a CA bundle is a pin: clients accept exactly this one, and
    /// refuse the next, which comes in weeks. Some never accept it at all: OpenSSL wants a root
    /// at the end unless it is told `partial_chain`, and rustls looks for the issuer. What belongs
    /// here is the certificate of the CA that issues the server's.
    ///
    /// It is fine for a self-signed certificate that is renewed together with all its clients.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// own: {names: [shop.example.com]}
    /// canadian: {names: [shop.example.ca], issuer: ca}
    /// ```
    /// ```pem bad file=ca.crt
    /// ${ca.crt}
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is no CA, and stands in a trust bundle
    /// ```
    /// ```pem bad file=ca.crt
    /// ${own.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is no CA, and stands in a trust bundle
    /// ```
    /// ```pem good file=ca.crt
    /// ${ca.crt}
    /// ```
    /// ```pem good file=shop.example.ca.crt
    /// ${canadian.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "trust-bundle-leaf",
        summary: "trust bundle holds a certificate that is no CA",
        remedy: "Put the certificate of the issuing CA there in its place.",
        severity: Medium,
        check: Check::Certificate(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.1",
            "https://docs.openssl.org/master/man1/openssl-verification-options/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if site.role != Role::Trust || site.bundle.quoted || certificate.is_ca() {
        return;
    }
    let message = format!("{} is no CA, and stands in a trust bundle", Called(certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if certificate.self_signed {
        finding.severity(Severity::Low);
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A chain is as good as its weakest member: whoever breaks the key of an intermediate, or
    /// forges its certificate through a collision, issues for every name. Validators refuse it as
    /// they do a weak certificate of a server: Go since 1.18 for SHA-1 (`insecure algorithm
    /// SHA1-RSA`), OpenSSL at its default security level (`CA md too weak`, `CA certificate key
    /// too weak`). A new certificate for the server does not help as long as the same CA issues it.
    ///
    /// The signature of a root by its own key is checked by nobody and is let be. A server's own
    /// certificates have `cert-weak-signature` and `cert-rsa-too-small`.
    ///
    /// ```recipe
    /// leaf: {prepared: leaf-sha1}
    /// ca: {prepared: sub-sha1}
    /// other: {prepared: leaf-rsa1024}
    /// small: {prepared: sub-rsa1024}
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// good-ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}
    /// good: {names: [shop.example.com], issuer: good-ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` of the chain is signed with SHA-1
    /// ```
    /// ```pem bad
    /// ${other.crt}
    /// ${small.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` of the chain has an RSA key of 1024 bits
    /// ```
    /// ```pem good
    /// ${good.crt}
    /// ${good-ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-weak-member",
        summary: "chain holds a CA with a weak key or signature",
        remedy: "Have the certificate issued by a CA with a strong key and SHA-256, and put that CA's certificate in the chain.",
        severity: High,
        check: Check::Certificate(check),
        peers: &["limbo:webpki::forbidden-*", "testssl:cert_chain"],
        security: true,
        cwe: &[326, 328],
        controls: &[control::TLS_VALID],
        references: &["https://go.dev/doc/go1.18#sha1", "https://www.rfc-editor.org/rfc/rfc9155"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !site.is_above_leaf() {
        return;
    }
    let certificate = site.certificate;
    let called = Called(certificate);
    let message = match (certificate.signature.weak, &certificate.key.kind) {
        (Some(hash), _) if !certificate.self_issued => {
            format!("{called} of the chain is signed with {hash}")
        }
        (_, KeyKind::Rsa { bits, .. }) if *bits < 2048 => {
            format!("{called} of the chain has an RSA key of {bits} bits")
        }
        _ => return,
    };
    out.report(site.item.place, message).evidence(evidence(certificate));
}

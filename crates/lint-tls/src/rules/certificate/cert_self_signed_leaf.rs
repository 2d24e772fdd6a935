use careen_model::{Context, Pki};
use careen_rule::{Sink, control, rule};
use careen_x509_model::Issued;

use crate::names::{Called, evidence, has_host};
use crate::{CertificateSite, Check, Role};

rule! {
    /// No client trusts a self-signed server certificate unless each one is given that very
    /// certificate, and given it again at every renewal. In practice somebody turns verification
    /// off instead (`curl -k`, `InsecureSkipVerify`), and from then on anybody in between can read
    /// along.
    ///
    /// It is fine in development, and where one client pins one server. A certificate counts as
    /// served if it is `tls.crt` of a Secret, lies beside its private key, or its file is named
    /// for a server; with the profile `public-pki`, wherever it lies.
    ///
    /// ```recipe
    /// self: {names: [shop.example.com]}
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${self.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is self-signed
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-self-signed-leaf",
        summary: "served certificate is self-signed",
        remedy: "Have the certificate issued by a CA that clients trust, public or your own, for instance through cert-manager.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &["testssl:cert_chain_of_trust", "certigo:verify"],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/configuration/selfsigned/",
            "https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    // A signature of a kind that cannot be checked here is taken at its word.
    let unchecked = certificate.self_issuance == Issued::UnsupportedAlgorithm;
    // Where all certificates are to be public ones, no place is needed to tell.
    let bundle = site.bundle;
    let public = bundle.pki == Pki::Public && !bundle.quoted && site.role == Role::Unknown;
    let served = site.role == Role::Served || (public && has_host(certificate));
    if served && (certificate.self_signed || unchecked) {
        let message = format!("{} is self-signed", Called(certificate));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

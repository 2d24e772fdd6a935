use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// Whoever gets the key of a certificate with `CA:TRUE` can issue certificates for every name,
    /// and a server's key lies on many machines. rustls refuses such a certificate outright
    /// (`CaUsedAsEndEntity`). Mostly the intermediate was put where the server's own belongs, or a
    /// script made every certificate with the CA's profile.
    ///
    /// It is fine nowhere in production. Self-signed certificates, which `openssl req -x509` makes
    /// this way, are left to `cert-self-signed-leaf`.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// sub: {ca: true, names: [shop.example.com], issuer: ca}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${sub.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is served, but is a CA's
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-leaf-is-ca",
        summary: "served certificate may issue others",
        remedy: "Have a certificate with `CA:FALSE` issued for the server.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_sub_cert_not_is_ca",
            "pkilint:cabf.serverauth.subscriber_basic_constraints_ca_bit_set",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if site.role == Role::Served && certificate.is_ca() && !certificate.self_issued {
        let message = format!("{} is served, but is a CA's", Called(certificate));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

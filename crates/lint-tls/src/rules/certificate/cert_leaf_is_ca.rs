use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, evidence, has_host};
use crate::{CertificateSite, Check, Role};

rule! {
    /// Whoever gets the key of a certificate with `CA:TRUE` can issue certificates for every name,
    /// and a server's key lies on many machines. rustls refuses such a certificate outright
    /// (`CaUsedAsEndEntity`). Mostly the intermediate was put where the server's own belongs, or a
    /// script made every certificate with the CA's profile.
    ///
    /// A certificate counts as served if it stands where servers have theirs, or says so itself: it
    /// has hosts and the extended key usage `serverAuth`. With a key usage that does not allow it
    /// to sign certificates, `CA:TRUE` is a contradiction in a public certificate.
    ///
    /// It is fine nowhere in production. Self-signed certificates, which `openssl req -x509` makes
    /// this way, are left to `cert-self-signed-leaf`.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// sub: {ca: true, names: [shop.example.com], issuer: ca}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// made: {ca: true, names: [shop.example.com], issuer: ca, usages: [server_auth]}
    /// issuing: {ca: true, common_name: Shop Issuing CA, issuer: ca, usages: [server_auth, client_auth]}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${sub.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is served, but is a CA's
    /// ```
    /// ```pem bad file=shop.pem
    /// ${made.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is made for a server, but is a CA's
    /// ```
    /// ```pem good file=shop.pem
    /// ${issuing.crt}
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
            "limbo:rfc5280::ca-as-leaf",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.9"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if !certificate.is_ca() {
        return;
    }
    let purpose = certificate.extended_key_usage.as_ref().is_some_and(|usage| usage.server_auth);
    let made = site.role == Role::Unknown && purpose && has_host(certificate);
    let mute = certificate.key_usage.is_some_and(|usage| !usage.key_cert_sign());
    let why = if site.role == Role::Served && !certificate.self_issued {
        "is served"
    } else if made && !certificate.self_issued {
        "is made for a server"
    } else if mute && site.is_public() {
        "may not sign certificates"
    } else {
        return;
    };
    let message = format!("{} {why}, but is a CA's", Called(certificate));
    out.report(site.item.place, message).evidence(evidence(certificate));
}

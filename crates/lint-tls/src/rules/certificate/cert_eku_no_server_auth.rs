use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// A certificate that lists what its key may be used for, and does not list `serverAuth`, may
    /// not identify a server: Go says `x509: certificate specifies an incompatible key usage`,
    /// browsers and OpenSSL refuse as well. Usually a certificate for a client ended up in the
    /// server's Secret.
    ///
    /// It is fine where the Secret only feeds clients; `tls.crt` and `tls.key` are the customary
    /// names there too. Certificates without the extension may serve anything and are let be.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// client: {names: [shop.example.com], issuer: ca, usages: [client_auth]}
    /// both: {names: [shop.example.com], issuer: ca, usages: [server_auth, client_auth]}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${client.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` may not identify a server: its extended key usage lacks serverAuth
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${both.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-eku-no-server-auth",
        summary: "served certificate may not identify a server",
        remedy: "Have the certificate issued again with the extended key usage `serverAuth`.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_sub_cert_eku_server_auth_client_auth_missing",
            "pkilint:cabf.serverauth.subscriber.serverauth_eku_absent",
            "testssl:cert_extKeyUsage",
        ],
        confidence: careen_rule::Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(usage) = &site.certificate.extended_key_usage else { return };
    if site.role == Role::Served && !usage.server_auth && !usage.any {
        let message = format!(
            "{} may not identify a server: its extended key usage lacks serverAuth",
            Called(site.certificate)
        );
        out.report(site.item.place, message).evidence(evidence(site.certificate));
    }
}

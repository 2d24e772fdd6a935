use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::date::Date;
use crate::dates::dates;
use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// Public CAs stop to issue certificates for clients: Let's Encrypt left `clientAuth` out of
    /// its default profile in February 2026, others follow within the year, and Chrome refuses
    /// server certificates with it that begin from 2027-03-15 on. Whoever authenticates clients
    /// (mTLS between companies, SMTP, XMPP, database replication) with a public certificate gets
    /// one at the next renewal that the other side turns away.
    ///
    /// It is fine while the certificate lasts. Certificates of private CAs are not concerned; for
    /// clients they are the right ones.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Public CA, not_before: -1000d, not_after: 5y}
    /// client: {common_name: partner.example.com, names: [partner.example.com], issuer: ca, public: true, usages: [client_auth]}
    /// late: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth, client_auth], not_before: 110d, not_after: 190d}
    /// server: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth, client_auth]}
    /// private: {names: [partner.example.com], issuer: ca, usages: [client_auth]}
    /// ```
    /// ```pem bad file=a.pem
    /// ${client.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `partner.example.com` is a client's from a public CA, which will not be renewed as such
    /// ```
    /// ```pem bad file=b.pem
    /// ${late.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` may identify clients; Chrome refuses public certificates that do and begin from 2027-03-15 on
    /// ```
    /// ```pem good file=a.pem
    /// ${server.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${private.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-client-auth-eku-sunset",
        summary: "public certificate is for clients, which public CAs stop to issue",
        remedy: "Authenticate clients with certificates of a private CA.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &["zlint:e_client_auth_not_allowed"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://letsencrypt.org/2025/05/14/ending-tls-client-authentication",
            "https://googlechrome.github.io/chromerootprogram/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let Some(usage) = &certificate.extended_key_usage else { return };
    if !usage.client_auth || certificate.is_ca() || !site.is_public() {
        return;
    }
    let called = Called(certificate);
    let refused = dates().client_auth.refused.0;
    let message = if certificate.not_before >= refused {
        format!(
            "{called} may identify clients; Chrome refuses public certificates that do and begin from {} on",
            Date(refused)
        )
    } else if site.role == Role::Client || !(usage.server_auth || usage.any) {
        format!("{called} is a client's from a public CA, which will not be renewed as such")
    } else {
        return;
    };
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Low);
    }
}

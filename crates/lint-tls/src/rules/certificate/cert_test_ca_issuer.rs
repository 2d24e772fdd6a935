use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::subject::test_authority;
use crate::{CertificateSite, Check, Role};

rule! {
    /// The issuer is a CA for tests or for one developer's machine: the staging environment of
    /// Let's Encrypt, Pebble, mkcert, minikube, Caddy's local authority. No browser trusts it, and
    /// nobody should: staging certificates are handed out without much care, and the CA keys of
    /// mkcert and minikube lie on somebody's laptop. Mostly the staging server was left in the
    /// configuration after the first try.
    ///
    /// It is fine in development environments; findings in test and example folders are milder. In
    /// a trust bundle it is worse than in a server: then whoever has that CA's key is trusted.
    ///
    /// ```recipe
    /// staging: {ca: true, common_name: (STAGING) Riddling Rhubarb R12, subject: {O: Let's Encrypt, C: US}, not_after: 3y}
    /// mkcert: {ca: true, common_name: mkcert me@laptop, subject: {O: mkcert development CA}, not_after: 9y}
    /// ca: {ca: true, common_name: R12, subject: {O: Let's Encrypt, C: US}, not_after: 3y}
    /// leaf: {names: [shop.example.com], issuer: staging, usages: [server_auth]}
    /// local: {names: [shop.example.com], issuer: mkcert}
    /// real: {names: [shop.example.com], issuer: ca, usages: [server_auth]}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is issued by the staging environment of Let's Encrypt
    /// ```
    /// ```pem bad file=b.pem
    /// ${local.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is issued by mkcert
    /// ```
    /// ```pem bad file=ca.crt
    /// ${mkcert.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `mkcert me@laptop` is issued by mkcert
    /// ```
    /// ```pem good
    /// ${real.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-test-ca-issuer",
        summary: "certificate is issued by a CA for tests or development",
        remedy: "Have the certificate issued by a production CA: change the ACME server or the issuer.",
        severity: High,
        check: Check::Certificate(check),
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://letsencrypt.org/docs/staging-environment/",
            "https://github.com/FiloSottile/mkcert",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    // In a chain the leaf says it already.
    if site.role == Role::Member {
        return;
    }
    let Some((mark, _)) = test_authority(&site.certificate.issuer) else { return };
    let message = format!("{} is issued by {}", Called(site.certificate), mark.by);
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Medium);
    }
}

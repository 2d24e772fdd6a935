use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::date::Date;
use crate::distrust::{Refused, distrusted};
use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Browsers and operating systems stopped to trust this CA, either as a whole or for
    /// certificates that begin after a certain day: it issued what it should not have, or did not
    /// mend its ways. Visitors see a full-page warning although the certificate is neither expired
    /// nor revoked, and some clients follow months later than others.
    ///
    /// It is fine where the clients are your own and carry that CA themselves. The list with its
    /// days is a table of this program; the day that counts is the first day of the certificate, or
    /// the day of the check where the whole CA is out.
    ///
    /// ```recipe
    /// entrust: {ca: true, common_name: Entrust Certification Authority - L1K, subject: {O: "Entrust, Inc."}, not_after: 3y}
    /// wosign: {ca: true, common_name: WoSign CA Free SSL Certificate G2, subject: {O: WoSign CA Limited}, not_after: 3y}
    /// sectigo: {ca: true, common_name: Entrust OV TLS Issuing RSA CA 2, subject: {O: Entrust Limited}, not_after: 3y}
    /// leaf: {names: [shop.example.com], issuer: entrust, usages: [server_auth]}
    /// older: {names: [shop.example.com], issuer: wosign, not_before: -4000d}
    /// before: {names: [shop.example.com], issuer: entrust, not_before: -800d}
    /// other: {names: [shop.example.com], issuer: sectigo}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is from Entrust, whose certificates that begin from 2024-11-12 on are refused by all browsers
    /// ```
    /// ```pem bad file=b.pem
    /// ${older.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is from WoSign and StartCom, refused by all browsers since 2017-09-05
    /// ```
    /// ```pem good file=a.pem
    /// ${before.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${other.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-distrusted-issuer",
        summary: "issuer of the certificate is no longer trusted",
        remedy: "Have the certificate issued by another CA.",
        severity: High,
        check: Check::Certificate(check),
        peers: &["sslyze:symantec-distrust"],
        confidence: Confidence::High,
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://wiki.mozilla.org/CA/Additional_Trust_Changes",
            "https://security.googleblog.com/2025/05/sustaining-digital-certificate-security-chrome-root-store-changes.html",
        ],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if !site.is_server() || certificate.is_ca() {
        return;
    }
    let Some((line, refused)) = distrusted(certificate, context.now) else { return };
    let called = Called(certificate);
    let (authority, by) = (&line.authority, &line.by);
    let message = match refused {
        Refused::All(day) => {
            format!("{called} is from {authority}, refused by {by} since {}", Date(day))
        }
        Refused::Newer(day) => format!(
            "{called} is from {authority}, whose certificates that begin from {} on are refused by {by}",
            Date(day)
        ),
    };
    out.report(site.item.place, message).evidence(evidence(certificate));
}

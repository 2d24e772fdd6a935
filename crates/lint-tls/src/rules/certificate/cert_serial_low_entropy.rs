use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

/// 64 random bits, as the CA/Browser Forum asks for.
const LEAST: usize = 8;

rule! {
    /// A serial number that can be guessed, such as 1, 2, 3, is what the forged CA of 2008 was
    /// made with: an attacker who knows the certificate before it is signed can prepare a
    /// collision. Two certificates of one CA with the same number also break revocation, and
    /// Firefox refuses the second (`SEC_ERROR_REUSED_ISSUER_AND_SERIAL`). Public CAs must have 64
    /// random bits in it.
    ///
    /// Certificates that sign themselves have nobody to fool and are not looked at.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y, forge: {serial: "01"}}
    /// second: {names: [shop.example.com], issuer: ca, forge: {serial: "02"}}
    /// stamp: {names: [shop.example.com], issuer: ca, forge: {serial: "18f0aabbccdd01"}}
    /// leaf: {names: [shop.example.com], issuer: ca, forge: {serial: "7f01020304050607"}}
    /// ```
    /// ```pem bad
    /// ${second.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a serial number of 1 byte, which can be guessed
    /// ```
    /// ```pem bad
    /// ${stamp.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a serial number of 7 bytes, which can be guessed
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    /// ```pem good file=ca.pem
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-serial-low-entropy",
        summary: "serial number has under 64 bits",
        remedy: "Let the CA draw serial numbers at random: 16 octets; with `openssl ca`, `rand_serial = yes`.",
        severity: Low,
        check: Check::Certificate(check),
        peers: &[
            "testssl:cert_serialNumberLen",
        ],
        security: true,
        cwe: &[330],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2",
            "https://cabforum.org/working-groups/server/baseline-requirements/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let length = certificate.serial_len();
    if certificate.self_issued || certificate.serial_is_negative() || !(1..LEAST).contains(&length)
    {
        return;
    }
    let bytes = if length == 1 { "byte" } else { "bytes" };
    let message = format!(
        "{} has a serial number of {length} {bytes}, which can be guessed",
        Called(certificate)
    );
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.is_public() {
        finding.severity(Severity::Medium);
    }
}

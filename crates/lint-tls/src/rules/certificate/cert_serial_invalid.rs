use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

/// RFC 5280 §4.1.2.2.
const LONGEST: usize = 20;

rule! {
    /// A serial number is a positive number of at most 20 octets. Go has refused negative ones
    /// since 1.23 (`x509: negative serial number`), which broke devices and CAs that had been
    /// fine for years; others cut long ones off, so that revocation hits the wrong certificate or
    /// none.
    ///
    /// A zero is fine for old roots, which nobody revokes by number.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// root: {ca: true, common_name: Old Root, not_after: 5y, forge: {serial: "00"}}
    /// negative: {names: [shop.example.com], issuer: ca, forge: {serial: "80aabbccddeeff001122"}}
    /// zero: {names: [shop.example.com], issuer: ca, forge: {serial: "00"}}
    /// long: {names: [shop.example.com], issuer: ca, forge: {serial: "010203040506070809101112131415161718192021"}}
    /// signed: {names: [shop.example.com], issuer: ca, forge: {serial: "00ff02030405060708091011121314151617181920"}}
    /// leaf: {names: [shop.example.com], issuer: ca, forge: {serial: "00ff030405060708091011121314151617181920"}}
    /// ```
    /// ```pem bad
    /// ${negative.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a negative serial number, which Go refuses since 1.23
    /// ```
    /// ```pem bad
    /// ${zero.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the serial number 0
    /// ```
    /// ```pem bad
    /// ${long.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a serial number of 21 bytes, of which 20 are allowed
    /// ```
    /// ```pem bad
    /// ${signed.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a serial number of 21 bytes, of which 20 are allowed
    /// ```
    /// ```pem bad file=ca.pem
    /// ${root.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Old Root` has the serial number 0
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-serial-invalid",
        summary: "serial number is negative, zero or longer than 20 octets",
        remedy: "Have the certificate issued again with a random serial number of 16 octets; mend the CA's configuration.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_serial_number_longer_than_20_octets",
            "zlint:e_serial_number_not_positive",
            "pkilint:pkix.certificate_serial_number_out_of_range",
            "limbo:rfc5280::serial",
            "x509-parser:validate",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2",
            "https://go.dev/doc/go1.23#cryptox509pkgcryptox509",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let called = Called(certificate);
    let length = certificate.serial_len();
    let (message, severity) = if certificate.serial_is_negative() {
        let message = format!("{called} has a negative serial number, which Go refuses since 1.23");
        (message, Severity::High)
    } else if length == 0 {
        let root = site.role == Role::Trust && certificate.self_issued;
        let severity = match root {
            _ if site.is_public() => Severity::High,
            true => Severity::Low,
            false => Severity::Medium,
        };
        (format!("{called} has the serial number 0"), severity)
    } else if length > LONGEST {
        let message = format!(
            "{called} has a serial number of {length} bytes, of which {LONGEST} are allowed"
        );
        (message, Severity::High)
    } else {
        return;
    };
    let severity = if site.bundle.quoted { severity.min(Severity::Medium) } else { severity };
    out.report(site.item.place, message).evidence(evidence(certificate)).severity(severity);
}

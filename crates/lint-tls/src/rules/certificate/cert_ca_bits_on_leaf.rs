use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// `keyCertSign` and `cRLSign` are for CAs. On a certificate that is none they contradict
    /// basicConstraints: strict verifiers refuse it, such as Python since 3.13
    /// (`VERIFY_X509_STRICT`), and one lax client that reads only keyUsage would let a web server's
    /// key issue certificates. A keyUsage without any bit allows nothing at all. Both come from
    /// OpenSSL configurations in which one section serves for CA and server.
    ///
    /// It is fine nowhere in production.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, key_usages: [digital_signature, key_cert_sign]}
    /// crl: {names: [shop.example.com], issuer: ca, key_usages: [digital_signature, crl_sign]}
    /// none: {names: [shop.example.com], issuer: ca, key_usages: [], extensions: [{oid: 2.5.29.15, critical: true, der: "03020700"}]}
    /// sound: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is not a CA's, but its key usage has keyCertSign
    /// ```
    /// ```pem bad file=b.pem
    /// ${crl.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is not a CA's, but its key usage has cRLSign
    /// ```
    /// ```pem bad file=c.pem
    /// ${none.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key usage that allows nothing
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-ca-bits-on-leaf",
        summary: "certificate that is not a CA's has a CA's key usage, or none at all",
        remedy: "Have the certificate issued again with `digitalSignature` alone, and `keyEncipherment` for RSA.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ext_key_usage_cert_sign_without_ca",
            "zlint:e_sub_cert_key_usage_cert_sign_bit_set",
            "zlint:e_sub_cert_key_usage_crl_sign_bit_set",
            "zlint:e_ext_key_usage_without_bits",
            "pkilint:pkix.ee_certificate_keycertsign_keyusage_set",
            "pkilint:pkix.no_ku_bits_set",
            "limbo:rfc5280::leaf-ku-keycertsign",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3",
            "https://docs.python.org/3/whatsnew/3.13.html#ssl",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let Some(usage) = certificate.key_usage else { return };
    let called = Called(certificate);
    let (message, severity) = if usage.flags == 0 {
        (format!("{called} has a key usage that allows nothing"), Severity::High)
    } else if certificate.is_ca() || site.role == Role::Trust {
        return;
    } else if usage.key_cert_sign() {
        let message = format!("{called} is not a CA's, but its key usage has keyCertSign");
        (message, Severity::High)
    } else if usage.crl_sign() {
        (format!("{called} is not a CA's, but its key usage has cRLSign"), Severity::Medium)
    } else {
        return;
    };
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    // One that signed itself leads no client to anything but itself.
    let alone = certificate.self_issued && !site.is_public();
    finding.severity(if alone { severity.min(Severity::Medium) } else { severity });
}

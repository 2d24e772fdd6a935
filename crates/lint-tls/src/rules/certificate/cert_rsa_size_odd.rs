use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// An RSA modulus of 2047 or 3071 bits comes from a generator that does not set the highest
    /// bit. Some libraries and hardware modules refuse such sizes, and the rules for public CAs
    /// forbid those that are no multiple of 8. It also says that the generator is home-made, which
    /// bodes ill for its primes.
    ///
    /// ```recipe
    /// odd: {names: [shop.example.com], key: rsa2048, forge: {modulus_bits: 2047}}
    /// leaf: {names: [shop.example.com], key: rsa2048}
    /// even: {names: [shop.example.com], key: rsa2048, forge: {modulus_bits: 2040}}
    /// ```
    /// ```pem bad
    /// ${odd.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an RSA key of 2047 bits, which is no multiple of 8
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${even.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-rsa-size-odd",
        summary: "RSA key whose size is no multiple of 8 bits",
        remedy: "Make a new key with a well-known library: RSA of 2048, 3072 or 4096 bits, or ECDSA P-256.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_mp_modulus_must_be_divisible_by_8",
            "pkilint:cabf.rsa_modulus_invalid_length",
            "badkeys:rsawarnings",
            "limbo:webpki::forbidden-rsa-*-divisible-by-8-*",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://cabforum.org/working-groups/server/baseline-requirements/"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let KeyKind::Rsa { bits, .. } = site.certificate.key.kind else { return };
    if bits % 8 == 0 {
        return;
    }
    let message = format!(
        "{} has an RSA key of {bits} bits, which is no multiple of 8",
        Called(site.certificate)
    );
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Low);
    }
}

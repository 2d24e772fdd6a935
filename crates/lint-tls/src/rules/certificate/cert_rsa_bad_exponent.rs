use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

/// What the CA/Browser Forum and everybody else recommends.
const USUAL: u64 = 65_537;
/// Most bits that Go takes.
const MOST_OF_GO: u32 = 31;

rule! {
    /// With the public exponent 1, a message is its own signature; an even or negative one can
    /// belong to no private key. With 3 a sloppy padding check lets anybody forge signatures
    /// (CVE-2006-4339 and its many successors). Go takes none above 31 bits, BoringSSL none above
    /// 33, and the larger it is the more a client has to compute. All the world uses 65537.
    ///
    /// Old roots with the exponent 3 are fine as trust anchors; it is told with less weight.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// one: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {exponent: "01"}}
    /// even: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {exponent: "010000"}}
    /// negative: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {exponent: "ff"}}
    /// three: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {exponent: "03"}}
    /// large: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {exponent: "0100000001"}}
    /// root: {ca: true, common_name: Old Root, not_after: 5y, key: rsa2048, forge: {exponent: "03"}}
    /// leaf: {names: [shop.example.com], key: rsa2048, issuer: ca}
    /// more: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {exponent: "010003"}}
    /// ```
    /// ```pem bad
    /// ${one.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the RSA exponent 1, which protects nothing
    /// ${even.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an even RSA exponent, to which there is no private key
    /// ${negative.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a negative RSA exponent, which clients refuse
    /// ${three.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has the RSA exponent 3, which is under 65537
    /// ${large.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an RSA exponent of 33 bits, which Go refuses
    /// ```
    /// ```pem bad file=ca.pem
    /// ${root.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Old Root` has the RSA exponent 3, which is under 65537
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${more.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-rsa-bad-exponent",
        summary: "RSA key with a public exponent that is dangerous or refused",
        remedy: "Make a new key with the exponent 65537, the default of every library.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_rsa_public_exponent_not_odd",
            "zlint:e_rsa_public_exponent_too_small",
            "zlint:w_rsa_public_exponent_not_in_range",
            "zlint:e_mp_exponent_cannot_be_one",
            "zlint:e_rsa_exp_negative",
            "pkilint:cabf.rsa_exponent_prohibited_value",
            "pkilint:cabf.rsa_exponent_not_in_recommended_range",
            "badkeys:rsawarnings",
            "badkeys:rsainvalid",
        ],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cabforum.org/working-groups/server/baseline-requirements/",
            "https://nvd.nist.gov/vuln/detail/CVE-2006-4339",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let (Some(exponent), KeyKind::Rsa { bits, exponent: number, .. }) =
        (certificate.encoding.exponent, &certificate.key.kind)
    else {
        return;
    };
    let called = Called(certificate);
    let (message, severity) = if exponent.negative {
        (format!("{called} has a negative RSA exponent, which clients refuse"), Severity::High)
    } else if *number == Some(1) {
        (format!("{called} has the RSA exponent 1, which protects nothing"), Severity::High)
    } else if exponent.even {
        let message =
            format!("{called} has an even RSA exponent, to which there is no private key");
        (message, Severity::High)
    } else if exponent.bits >= *bits {
        (format!("{called} has an RSA exponent as large as its modulus"), Severity::High)
    } else if exponent.bits > MOST_OF_GO {
        let size = exponent.bits;
        (format!("{called} has an RSA exponent of {size} bits, which Go refuses"), Severity::High)
    } else if let Some(number) = number.filter(|number| *number < USUAL) {
        let anchor = site.role == Role::Trust && certificate.self_issued;
        let severity = if anchor { Severity::Low } else { Severity::Medium };
        (format!("{called} has the RSA exponent {number}, which is under {USUAL}"), severity)
    } else {
        return;
    };
    let severity = if site.bundle.quoted { severity.min(Severity::Medium) } else { severity };
    out.report(site.item.place, message).evidence(evidence(certificate)).severity(severity);
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::{Curve, KeyKind};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// TLS stacks sign with P-256, P-384 and P-521. A key on secp256k1, a Brainpool curve or P-224
    /// fails the handshake in Go, rustls, BoringSSL and every browser, with words that point
    /// elsewhere (`no cipher overlap`, `unsupported elliptic curve`). Curve parameters that are
    /// written out are refused as an attack (CVE-2020-0601).
    ///
    /// It is fine between two ends of your own that both speak the curve, as some national
    /// profiles ask.
    ///
    /// ```recipe
    /// odd: {prepared: secp256k1}
    /// pool: {names: [shop.example.com], forge: {key_algorithm: "301406072a8648ce3d020106092b2403030208010107"}}
    /// written: {names: [shop.example.com], forge: {key_algorithm: "300e06072a8648ce3d02013003020101"}}
    /// leaf: {names: [shop.example.com], key: p384}
    /// ```
    /// ```pem bad
    /// ${odd.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key on secp256k1, which TLS clients do not take
    /// ```
    /// ```pem bad
    /// ${pool.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key on brainpoolP256r1, which TLS clients do not take
    /// ${written.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key with written-out curve parameters
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-ec-curve-unsupported",
        summary: "certificate has a key on a curve that TLS clients do not take",
        remedy: "Make a new key on P-256 or P-384.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ec_improper_curves",
            "testssl:cert_keySize",
            "sslyze:mozilla-curve",
            "limbo:webpki::forbidden-p192-*",
            "limbo:webpki::explicit-curve",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8446#section-4.2.7",
            "https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let KeyKind::Ec { curve } = &site.certificate.key.kind else { return };
    let message = match curve {
        Curve::P256 | Curve::P384 | Curve::P521 => return,
        Curve::Explicit => {
            format!("{} has a key with written-out curve parameters", Called(site.certificate))
        }
        curve => format!(
            "{} has a key on {curve}, which TLS clients do not take",
            Called(site.certificate)
        ),
    };
    out.report(site.item.place, message).evidence(evidence(site.certificate));
}

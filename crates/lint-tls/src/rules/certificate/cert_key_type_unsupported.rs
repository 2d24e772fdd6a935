use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// TLS clients check RSA, ECDSA and, outside browsers, Ed25519 keys. DSA went with TLS 1.3 and
    /// from all browsers and from Go; GOST and X25519 keys fail the handshake with `no shared
    /// cipher` or `unknown public key algorithm`; ML-DSA and Ed448 work between two new OpenSSLs
    /// and nearly nowhere else. Public CAs may certify RSA and ECDSA only.
    ///
    /// It is fine between two ends of your own that both know the type.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// dsa: {names: [shop.example.com], issuer: ca, forge: {spki: "3011300906072a8648ce380401030400020105"}}
    /// gost: {names: [shop.example.com], issuer: ca, forge: {spki: "3011300a06082a850307010101010303000102"}}
    /// exchange: {names: [shop.example.com], key: ed25519, issuer: ca, forge: {key_algorithm: "300506032b656e"}}
    /// quantum: {names: [shop.example.com], key: ed25519, issuer: ca, forge: {key_algorithm: "300b0609608648016503040312"}}
    /// edwards: {names: [shop.example.com], key: ed25519, issuer: ca, public: true}
    /// private: {names: [shop.example.com], key: ed25519, issuer: ca}
    /// leaf: {names: [shop.example.com], issuer: ca, public: true}
    /// ```
    /// ```pem bad
    /// ${dsa.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key of type DSA, which TLS clients do not take
    /// ${gost.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key of type GOST R 34.10-2012 (256 bits), which TLS clients do not take
    /// ${exchange.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key of type X25519, which cannot sign
    /// ```
    /// ```pem bad
    /// ${quantum.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key of type ML-DSA-65, which few TLS clients take
    /// ${edwards.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a key of type Ed25519, which browsers do not take
    /// ```
    /// ```pem good
    /// ${private.crt}
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-key-type-unsupported",
        summary: "certificate has a key of a type that TLS clients do not take",
        remedy: "Make a new key: ECDSA P-256, or RSA of 2048 bits or more where old clients need it.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_public_key_type_not_allowed",
            "zlint:e_br_prohibit_dsa_usage",
            "zlint:e_prohibit_dsa_usage",
            "zlint:e_dsa_improper_modulus_or_divisor_size",
            "zlint:e_dsa_shorter_than_2048_bits",
            "zlint:e_dsa_correct_order_in_subgroup",
            "zlint:e_dsa_unique_correct_representation",
            "zlint:e_dsa_params_missing",
            "pkilint:cabf.serverauth.prohibited_subject_public_key_algorithm_encoding",
            "badkeys:dsasparse",
            "testssl:cert_keySize",
            "limbo:webpki::forbidden-dsa-*",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8446#section-4.2.3",
            "https://cabforum.org/working-groups/server/baseline-requirements/",
        ],
    }
}

/// Identifiers of types that other rules speak of; a key that has one here is broken.
const ORDINARY: [&str; 5] = [
    "1.2.840.113549.1.1.1",
    "1.2.840.113549.1.1.10",
    "1.2.840.10045.2.1",
    "1.3.101.112",
    "1.3.101.113",
];

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let kind = &site.certificate.key.kind;
    let refused = ("which TLS clients do not take", Severity::High);
    let rare = ("which few TLS clients take", Severity::Medium);
    let (what, severity) = match kind {
        KeyKind::Ed25519 if site.is_public() => ("which browsers do not take", Severity::Medium),
        KeyKind::Rsa { .. } | KeyKind::Ec { .. } | KeyKind::Ed25519 => return,
        KeyKind::Ed448 => rare,
        KeyKind::Dsa { .. } => refused,
        KeyKind::Other(oid) if ORDINARY.contains(&oid.as_str()) => return,
        KeyKind::Other(oid) => match oid.as_str() {
            "1.3.101.110" | "1.3.101.111" => ("which cannot sign", Severity::High),
            "2.16.840.1.101.3.4.3.17" | "2.16.840.1.101.3.4.3.18" | "2.16.840.1.101.3.4.3.19" => {
                rare
            }
            _ => refused,
        },
    };
    let name = kind.to_string();
    let message =
        format!("{} has a key of type {}, {what}", Called(site.certificate), Shown(&name));
    let severity = if site.bundle.quoted { severity.min(Severity::Medium) } else { severity };
    out.report(site.item.place, message).evidence(evidence(site.certificate)).severity(severity);
}

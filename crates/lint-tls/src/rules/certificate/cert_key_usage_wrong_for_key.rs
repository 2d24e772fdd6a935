use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::{ExtendedKeyUsage, KeyKind};

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// keyUsage says what the key may do. In TLS 1.3, and in every TLS 1.2 handshake with forward
    /// secrecy, a server signs: without `digitalSignature` strict clients hang up (Chrome:
    /// `ERR_SSL_KEY_USAGE_INCOMPATIBLE`). `keyEncipherment` is for RSA key transport; an elliptic
    /// curve key cannot do it, `keyAgreement` is nothing for RSA, and an Ed25519 key does neither.
    ///
    /// Bits too many do no harm inside a private PKI, where cert-manager and `openssl` write
    /// `keyEncipherment` for every key; there the finding is low. For public certificates also the
    /// purposes in extendedKeyUsage must fit, and an elliptic curve key may sign and nothing else.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// mute: {names: [shop.example.com], issuer: ca, key_usages: [key_encipherment]}
    /// extra: {names: [shop.example.com], issuer: ca, key_usages: [digital_signature, key_encipherment]}
    /// rsa: {names: [shop.example.com], issuer: ca, key: rsa2048, key_usages: [digital_signature, key_agreement]}
    /// mail: {names: [shop.example.com], issuer: ca, key: rsa2048, public: true, usages: [server_auth], key_usages: [digital_signature, content_commitment]}
    /// agree: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth], key_usages: [digital_signature, key_agreement]}
    /// inner: {names: [shop.example.com], issuer: ca, usages: [server_auth], key_usages: [digital_signature, key_agreement]}
    /// sound: {names: [shop.example.com], issuer: ca, key: rsa2048, key_usages: [digital_signature, key_encipherment], usages: [server_auth]}
    /// ec: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth]}
    /// ```
    /// ```pem bad file=a.pem
    /// ${mute.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ key usage of the certificate for `shop.example.com` lacks digitalSignature, without which its ECDSA P-256 key cannot make a TLS handshake
    /// ```
    /// ```pem bad file=b.pem
    /// ${extra.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ key usage of the certificate for `shop.example.com` has keyEncipherment, which is nothing for its ECDSA P-256 key
    /// ```
    /// ```pem bad file=c.pem
    /// ${rsa.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ key usage of the certificate for `shop.example.com` has keyAgreement, which is nothing for its RSA 2048 key
    /// ```
    /// ```pem bad file=d.pem
    /// ${mail.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ key usage of the certificate for `shop.example.com` has contentCommitment, which none of its purposes takes
    /// ```
    /// ```pem bad file=e.pem
    /// ${agree.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ key usage of the certificate for `shop.example.com` has keyAgreement, which is nothing for its ECDSA P-256 key
    /// ```
    /// ```pem good file=c.pem
    /// ${inner.crt}
    /// ```
    /// ```pem good file=a.pem
    /// ${sound.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${ec.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-key-usage-wrong-for-key",
        summary: "key usage does not fit the key or the purpose of the certificate",
        remedy: "Have the certificate issued again with `digitalSignature`, and `keyEncipherment` for RSA keys only.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_ecdsa_allowed_ku",
            "zlint:n_ecdsa_ee_invalid_ku",
            "zlint:e_cabf_ecc_allowed_key_usages",
            "zlint:w_cabf_ecc_ku_keyagreement_present",
            "zlint:e_rsa_allowed_ku_ee",
            "zlint:e_key_usage_and_extended_key_usage_inconsistent",
            "pkilint:pkix.key_usage_value_prohibited_for_ec",
            "pkilint:pkix.key_usage_value_prohibited_for_rsa",
            "pkilint:pkix.key_usage_value_prohibited_for_edwards_curve",
            "pkilint:pkix.key_usage_value_required_but_missing_for_edwards_curve",
            "pkilint:cabf.serverauth.subscriber_prohibited_ku_present",
            "pkilint:cabf.serverauth.subscriber_required_ku_missing",
            "testssl:cert_keyUsage",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3",
            "https://www.rfc-editor.org/rfc/rfc8813#section-3",
            "https://www.rfc-editor.org/rfc/rfc9295#section-3",
        ],
    }
}

const SIGNATURE: u16 = 1;
const COMMITMENT: u16 = 1 << 1;
const KEY_ENCIPHERMENT: u16 = 1 << 2;
const DATA_ENCIPHERMENT: u16 = 1 << 3;
const AGREEMENT: u16 = 1 << 4;
/// keyCertSign and cRLSign, which are a CA's and judged elsewhere.
const AUTHORITY: u16 = 1 << 5 | 1 << 6;
/// encipherOnly and decipherOnly, which say more of keyAgreement.
const ONLY: u16 = 1 << 7 | 1 << 8;

/// The names of the bits, as RFC 5280 has them; the second one was nonRepudiation.
const NAMES: [&str; 9] = [
    "digitalSignature",
    "contentCommitment",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let Some(usage) = certificate.key_usage.filter(|usage| usage.flags != 0) else { return };
    if certificate.is_ca() {
        return;
    }
    let flags = usage.flags & !AUTHORITY;
    let (kind, called) = (&certificate.key.kind, Called(certificate));
    let public = site.is_public();
    let start = format_args!("key usage of the {called}");
    let (message, severity) = if site.is_server() && signs(kind) && flags & SIGNATURE == 0 {
        let why = format!("without which its {kind} key cannot make a TLS handshake");
        (format!("{start} lacks digitalSignature, {why}"), Severity::Medium)
    } else if let Some(bit) = first(flags & foreign(kind, site.is_public_server())) {
        let severity = if public { Severity::Medium } else { Severity::Low };
        (format!("{start} has {bit}, which is nothing for its {kind} key"), severity)
    } else if let Some(purposes) = certificate.extended_key_usage.as_ref().filter(|_| public) {
        let Some(why) = misfit(flags, purposes) else { return };
        (format!("{start} {why}"), Severity::Medium)
    } else {
        return;
    };
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    finding.severity(severity);
}

/// Whether the key is of a kind whose part in a handshake is a signature.
const fn signs(kind: &KeyKind) -> bool {
    matches!(kind, KeyKind::Rsa { .. } | KeyKind::Ec { .. } | KeyKind::Ed25519 | KeyKind::Ed448)
}

/// The bits that a key of that kind cannot do (RFC 3279 §2.3.1, RFC 8813 §3, RFC 9295 §3), or, of a
/// public server, may not (Baseline Requirements 7.1.2.7.11).
const fn foreign(kind: &KeyKind, public: bool) -> u16 {
    match kind {
        KeyKind::Rsa { .. } => AGREEMENT | ONLY,
        KeyKind::Ec { .. } if public => !(SIGNATURE | AUTHORITY),
        KeyKind::Ec { .. } => KEY_ENCIPHERMENT | DATA_ENCIPHERMENT,
        KeyKind::Ed25519 | KeyKind::Ed448 => {
            KEY_ENCIPHERMENT | DATA_ENCIPHERMENT | AGREEMENT | ONLY
        }
        _ => 0,
    }
}

/// How key usage and purposes contradict each other, as the end of a sentence (RFC 5280
/// §4.2.1.12).
fn misfit(flags: u16, purposes: &ExtendedKeyUsage) -> Option<String> {
    let server = SIGNATURE | KEY_ENCIPHERMENT | AGREEMENT;
    let mail = SIGNATURE | COMMITMENT | KEY_ENCIPHERMENT | AGREEMENT;
    let table = [
        (purposes.server_auth, "serverAuth", server),
        (purposes.client_auth, "clientAuth", SIGNATURE | AGREEMENT),
        (purposes.code_signing, "codeSigning", SIGNATURE),
        (purposes.email_protection, "emailProtection", mail),
        (purposes.time_stamping, "timeStamping", SIGNATURE | COMMITMENT),
        (purposes.ocsp_signing, "OCSPSigning", SIGNATURE | COMMITMENT),
    ];
    let mut named = table.iter().filter(|(is, ..)| *is).peekable();
    // Of purposes that are not known here nothing can be said.
    if named.peek().is_none() || !purposes.others.is_empty() {
        return None;
    }
    let all = named.clone().fold(ONLY, |all, (_, _, taken)| all | taken);
    if let Some(bit) = first(flags & !all) {
        return Some(format!("has {bit}, which none of its purposes takes"));
    }
    let (_, name, _) = named.find(|(_, _, taken)| flags & taken == 0)?;
    Some(format!("has nothing that its purpose {name} takes"))
}

/// The name of the lowest bit.
fn first(flags: u16) -> Option<&'static str> {
    NAMES.get(usize::try_from(flags.trailing_zeros()).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use careen_x509_model::ExtendedKeyUsage;

    use super::{first, misfit};

    #[test]
    fn purposes_take_their_bits() {
        let server = ExtendedKeyUsage { server_auth: true, ..ExtendedKeyUsage::default() };
        assert_eq!(misfit(0b1_0101, &server), None);
        assert!(misfit(0b11, &server).unwrap().contains("contentCommitment"));
        let both = ExtendedKeyUsage { client_auth: true, code_signing: true, ..server };
        assert!(misfit(0b1_0000, &both).unwrap().contains("codeSigning"));
        let other = ExtendedKeyUsage { others: vec!["1.2.3".to_owned()], ..both };
        assert_eq!(misfit(0b10, &other), None);
        assert_eq!((first(0), first(0b100)), (None, Some("keyEncipherment")));
    }
}

use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::AlgorithmPlace;

use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// Strict verifiers compare algorithm identifiers byte by byte. An RSA key whose identifier
    /// lacks its NULL fails in Go (`x509: RSA key missing NULL parameters`) and rustls
    /// (`UnsupportedSignatureAlgorithmForPublicKey`), RSASSA-PSS with an odd salt fails in rustls,
    /// BoringSSL and TLS 1.3 itself, and OpenSSL takes them all.
    ///
    /// Public CAs may use four identifiers for keys, and must sign with SHA-256 by P-256, SHA-384
    /// by P-384 and SHA-512 by P-521; in a private CA other pairs are fine.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// big: {ca: true, common_name: Big CA, not_after: 5y, key: p384}
    /// edwards: {ca: true, common_name: Ed CA, not_after: 5y, key: ed25519}
    /// bare: {names: [shop.example.com], key: rsa2048, issuer: ca, forge: {key_algorithm: "300b06092a864886f70d010101"}}
    /// curveless: {names: [shop.example.com], issuer: ca, forge: {key_algorithm: "300906072a8648ce3d0201"}}
    /// wordy: {names: [shop.example.com], key: ed25519, issuer: ca, forge: {key_algorithm: "300706032b65700500"}}
    /// nulled: {names: [shop.example.com], issuer: ca, forge: {signature_algorithm: "300c06082a8648ce3d0403020500"}}
    /// missing: {names: [shop.example.com], issuer: ca, forge: {signature_algorithm: "300b06092a864886f70d01010b"}}
    /// salt: {names: [shop.example.com], issuer: ca, forge: {signature_algorithm: "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020114"}}
    /// default: {names: [shop.example.com], issuer: ca, forge: {signature_algorithm: "300d06092a864886f70d01010a3000"}}
    /// pss: {names: [shop.example.com], issuer: ca, forge: {signature_algorithm: "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"}}
    /// pair: {names: [shop.example.com], issuer: big, public: true, forge: {signature_algorithm: "300a06082a8648ce3d040302"}}
    /// private: {names: [shop.example.com], issuer: big, forge: {signature_algorithm: "300a06082a8648ce3d040302"}}
    /// modern: {names: [shop.example.com], key: ed25519, issuer: ca, public: true}
    /// leaf: {names: [shop.example.com], issuer: big, public: true}
    /// rsa: {names: [shop.example.com], key: rsa2048, issuer: edwards}
    /// ```
    /// ```pem bad
    /// ${bare.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its key as rsaEncryption without its NULL, which Go and rustls refuse
    /// ${curveless.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its key as ecPublicKey without a curve, which Go and rustls refuse
    /// ${wordy.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its key as Ed25519 with parameters, which Go and rustls refuse
    /// ```
    /// ```pem bad
    /// ${nulled.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its signature as ecdsa-with-SHA256 with parameters, which strict verifiers refuse
    /// ${missing.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its signature as sha256WithRSAEncryption without its NULL, which
    /// ${salt.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its signature as RSASSA-PSS with SHA-256 and other parameters than MGF1 with SHA-256 and a salt of 32 bytes, which
    /// ${default.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its signature as RSASSA-PSS with SHA-1, which
    /// ```
    /// ```pem bad
    /// ${pair.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its signature as ecdsa-with-SHA256 by a key on P-384, which the rules for public CAs forbid
    /// ${modern.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` names the algorithm of its key as Ed25519, which the rules for public CAs forbid
    /// ```
    /// ```pem good
    /// ${private.crt}
    /// ${leaf.crt}
    /// ${rsa.crt}
    /// ${pss.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-algorithm-encoding-nonstandard",
        summary: "algorithm identifier that strict verifiers do not take",
        remedy: "Have the certificate issued again by a library that writes algorithm identifiers as RFC 3279, RFC 4055 and RFC 5480 have them.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_algorithm_identifier_improper_encoding",
            "zlint:e_mp_ecdsa_pub_key_encoding_correct",
            "zlint:e_mp_ecdsa_signature_encoding_correct",
            "zlint:e_mp_rsassa-pss_parameters_encoding_in_signature_algorithm_correct",
            "zlint:e_spki_rsa_encryption_parameter_not_null",
            "zlint:e_tbs_signature_rsa_encryption_parameter_not_null",
            "pkilint:cabf.serverauth.prohibited_signature_algorithm_encoding",
            "pkilint:cabf.serverauth.prohibited_subject_public_key_algorithm_encoding",
        ],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc3279#section-2.3.1",
            "https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1",
            "https://www.mozilla.org/about/governance/policies/security-group/certs/policy/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let defects = &site.certificate.encoding.algorithms;
    if defects.is_empty() {
        return;
    }
    let public = site.is_public();
    let wanted = || defects.iter().filter(|defect| public || !defect.public_only);
    // What everybody forbids goes first.
    let Some(defect) = wanted().find(|defect| !defect.public_only).or_else(|| wanted().next())
    else {
        return;
    };
    let (place, refused) = match defect.place {
        AlgorithmPlace::Key => ("key", "which Go and rustls refuse"),
        AlgorithmPlace::Signature => ("signature", "which strict verifiers refuse"),
    };
    let refused =
        if defect.public_only { "which the rules for public CAs forbid" } else { refused };
    let message = format!(
        "{} names the algorithm of its {place} as {}, {refused}",
        Called(site.certificate),
        Shown(&defect.words)
    );
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted {
        finding.severity(Severity::Low);
    }
}

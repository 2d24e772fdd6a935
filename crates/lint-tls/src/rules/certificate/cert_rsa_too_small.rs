use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::KeyKind;

use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

/// What every client and the CA/Browser Forum ask for.
const SMALLEST: u32 = 2048;

rule! {
    /// RSA keys under 2048 bits are within reach of well-funded attackers, and clients say no long
    /// before that: OpenSSL at its default security level (`ee key too small`), browsers, Java,
    /// and Go under 1024 bits. Public CAs have not issued any since 2014.
    ///
    /// It is fine for nothing but tests of old clients.
    ///
    /// ```recipe
    /// old: {prepared: rsa1024}
    /// new: {names: [shop.example.com], key: rsa2048}
    /// ```
    /// ```pem bad
    /// ${old.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has an RSA key of 1024 bits
    /// ```
    /// ```pem good
    /// ${new.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-rsa-too-small",
        summary: "certificate has an RSA key under 2048 bits",
        remedy: "Make a new key: ECDSA P-256, or RSA of 2048 bits or more where old clients need it.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_rsa_mod_less_than_2048_bits",
            "zlint:e_mp_modulus_must_be_2048_bits_or_more",
            "zlint:e_old_root_ca_rsa_mod_less_than_2048_bits",
            "zlint:e_old_sub_ca_rsa_mod_less_than_1024_bits",
            "zlint:e_old_sub_cert_rsa_mod_less_than_1024_bits",
            "pkilint:cabf.rsa_modulus_invalid_length",
            "badkeys:rsawarnings",
            "kics:certificate_rsa_key_bytes_lower_than_256",
            "testssl:cert_keySize",
            "limbo:webpki::forbidden-weak-rsa-*",
        ],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cabforum.org/working-groups/server/baseline-requirements/",
            "https://wiki.mozilla.org/Security/Server_Side_TLS",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let KeyKind::Rsa { bits, .. } = site.certificate.key.kind else { return };
    // Of the CAs in a chain, `chain-weak-member` tells.
    if bits >= SMALLEST || site.is_above_leaf() {
        return;
    }
    let message = format!("{} has an RSA key of {bits} bits", Called(site.certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    if site.bundle.quoted || site.role == Role::Trust {
        finding.severity(Severity::Medium);
    }
}

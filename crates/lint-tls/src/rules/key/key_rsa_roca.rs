use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, PublicKeySite};

rule! {
    /// Smart cards, TPMs and tokens with Infineon's library made RSA keys out of very few primes until
    /// 2017 (ROCA, CVE-2017-15361). Such a key is known by its modulus alone, and one of 1024 or 2048 bits
    /// can be factored for the price of some days in a cloud. The mark is unmistakable: a random modulus
    /// has it once in 2^154.
    ///
    /// It is fine for nothing but tests of this check.
    ///
    /// ```pem bad
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA modulus that Infineon's RSALib made, which can be factored (ROCA)
    /// MFswDQYJKoZIhvcNAQEBBQADSgAwRwJASOEBAj1lNlhFLRDdA0eHAAafKjOy17S7
    /// Ztny1O08GehICDXA9B1M4Ga4rIqjUfOFxaLV8LYh0CyhAhCdR15+uQIDAQAB
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-roca",
        summary: "RSA key was made by Infineon's broken library",
        remedy: "Update the firmware of the card or TPM, make a new key, and revoke what was certified for the old one.",
        severity: Critical,
        check: Check::PublicKey(check),
        peers: &["badkeys:roca"],
        security: true,
        cwe: &[326, 1240],
        controls: &[control::TLS_VALID],
        references: &["https://nvd.nist.gov/vuln/detail/CVE-2017-15361", "https://crocs.fi.muni.cz/public/papers/rsa_ccs17"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    if site.verdict().roca {
        site.report(
            out,
            "has an RSA modulus that Infineon's RSALib made, which can be factored (ROCA)",
        );
    }
}

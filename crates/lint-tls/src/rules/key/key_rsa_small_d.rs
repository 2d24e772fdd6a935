use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::PrivateWeakness;

use crate::{Check, PublicKeySite};

rule! {
    /// A short private exponent makes signing fast, and the key worthless: from the public key alone,
    /// Wiener's method computes an exponent under a quarter of the modulus' length, and Boneh's and
    /// Durfee's one under 0.292 of it. Public keys are tried by the first; the exponents of private keys
    /// are measured.
    ///
    /// It is fine for nothing but tests of this check. No usual tool makes such keys.
    ///
    /// ```recipe
    /// pair: {prepared: rsa-small-d}
    /// ```
    /// ```pem bad file=tls/public.pem
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA private exponent so small that it follows from the public key
    /// MIGcMA0GCSqGSIb3DQEBAQUAA4GKADCBhgJBANKEMobrMOFhgYdmdSxfPkoasUxU
    /// DQZxP8PTVBduxxgTvs1oZTeEdG7BdvHKt6be5IlnojZ3hRC5UrWkK0Zzg08CQQC2
    /// EdaJTuFQWP8BJ2z//uTU3N5evgAYL7BxPkqqeOdAx1JSZ/1SMxs67Tw1hdUXKG6L
    /// d/Xx0YY9eICMNqb+VUu/
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem bad file=tls/private.pem
    /// ${pair.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key has an RSA private exponent so small that it follows from the public key
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-small-d",
        summary: "RSA private exponent is so small that it can be computed",
        remedy: "Make a new key with a current library, such as by `openssl genpkey`, and have its certificate issued anew.",
        severity: Critical,
        check: Check::PublicKey(check),
        peers: &["badkeys:smalld"],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_VALID],
        references: &["https://crypto.stanford.edu/~dabo/papers/RSA-survey.pdf", "https://badkeys.info/"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let small = site.verdict().small_private_exponent;
    if small || site.has(PrivateWeakness::SmallExponent) {
        site.report(
            out,
            "has an RSA private exponent so small that it follows from the public key",
        );
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, PublicKeySite};

rule! {
    /// The modulus of an RSA key is the product of two large primes. One that a small prime divides was
    /// never made by a working generator: the file was damaged, or the generator is broken, and then the
    /// rest of it is factored soon as well. Public CAs must refuse such keys (Baseline Requirements
    /// §6.1.6).
    ///
    /// It is fine for nothing but tests of this check. Primes under 752 are tried.
    ///
    /// ```pem bad
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA modulus that is divisible by 7
    /// MFswDQYJKoZIhvcNAQEBBQADSgAwRwJABkKi1DKuDINIHPBbqi9v+ZLT2AQ+UTr9
    /// U8oHG7Uu5w6hyZgmewXFkJBzAkjYLSY+8scy86iE6XG/AyeWjWqJiQIDAQAB
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-small-factor",
        summary: "RSA modulus is divisible by a small prime",
        remedy: "Make a new key with a current library, such as by `openssl genpkey`, and have its certificate issued anew.",
        severity: High,
        check: Check::PublicKey(check),
        peers: &["zlint:w_rsa_mod_factors_smaller_than_752", "zlint:w_rsa_mod_not_odd", "pkilint:cabf.rsa_modulus_has_small_prime_factor", "badkeys:smallfactors"],
        security: true,
        cwe: &[326, 1240],
        controls: &[control::TLS_VALID],
        references: &["https://cabforum.org/working-groups/server/baseline-requirements/", "https://badkeys.info/"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some(factor) = site.verdict().small_factor {
        site.report(out, &format!("has an RSA modulus that is divisible by {factor}"));
    }
}

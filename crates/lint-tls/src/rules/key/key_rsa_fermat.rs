use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::PrivateWeakness;

use crate::{Check, PublicKeySite};

rule! {
    /// If the two primes of an RSA key lie close to each other, Fermat's method of 1643 finds them in a
    /// moment, and with them the private key. Printers and cards were sold that made such keys
    /// (CVE-2022-26320): they took the second prime to be the next one after the first. Public CAs must
    /// try a hundred rounds before they issue (Baseline Requirements §6.1.1.3), as is done here; of
    /// private keys, the distance of the primes is looked at, which FIPS 186-5 wants to be large.
    ///
    /// It is fine for nothing but tests of this check.
    ///
    /// ```pem bad
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA modulus whose primes are so close that it can be factored at once
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAPkXinHgqkmKYTROujlySUO36oWTgn0l
    /// yYoODL6Zr7hBsYZ4Ez78cKjBH3omll3if4zF/Wt0C06JfncpgnxhQ4kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-fermat",
        summary: "RSA primes are so close that the key can be factored",
        remedy: "Make a new key with a current library, such as by `openssl genpkey`, and have its certificate issued anew.",
        severity: Critical,
        check: Check::PublicKey(check),
        peers: &["zlint:e_rsa_fermat_factorization", "badkeys:fermat"],
        security: true,
        cwe: &[326, 1240],
        controls: &[control::TLS_VALID],
        references: &["https://fermatattack.secvuln.info/", "https://cabforum.org/working-groups/server/baseline-requirements/"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    if site.verdict().close_primes || site.has(PrivateWeakness::ClosePrimes) {
        site.report(
            out,
            "has an RSA modulus whose primes are so close that it can be factored at once",
        );
    }
}

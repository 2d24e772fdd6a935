use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::weakness::Invalid;
use crate::{Check, PublicKeySite};

rule! {
    /// Zero, one and the power of a single number are no product of two primes, and a public exponent must
    /// be less than the modulus. With numbers like these nothing is signed or encrypted that holds: the
    /// file is damaged, or somebody made it to see what a parser does. A square is factored by taking its
    /// root.
    ///
    /// It is fine in tests of parsers. A modulus that is itself a large prime is not told: that takes
    /// longer to find out than all the rest.
    ///
    /// ```pem bad
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has impossible RSA numbers: the modulus is a square
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAPZQcAcP+Qzi5KDqqbElMKsbgvHDJyn5
    /// ToUUt2ujtVFd0g/CA2lQNIzSjshsPxgP8mIBTf5ylxCkP23WR6XOHCECAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-invalid",
        summary: "RSA key has impossible numbers",
        remedy: "Make a new key with a current library, such as by `openssl genpkey`, and have its certificate issued anew.",
        severity: High,
        check: Check::PublicKey(check),
        peers: &["zlint:e_rsa_no_public_key", "badkeys:rsainvalid"],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc8017#section-3.1", "https://badkeys.info/"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(invalid) = site.verdict().invalid else { return };
    let reason = match invalid {
        Invalid::Zero => "the modulus is zero or one",
        Invalid::Prime => "the modulus is a small prime",
        Invalid::Power(2) => "the modulus is a square",
        Invalid::Power(_) => "the modulus is the power of another number",
        Invalid::ExponentTooLarge => "the public exponent is larger than the modulus",
    };
    let finding = site.report(out, &format!("has impossible RSA numbers: {reason}"));
    if site.bundle.quoted {
        // Made for a test of a parser.
        finding.severity(Severity::Low);
    }
}

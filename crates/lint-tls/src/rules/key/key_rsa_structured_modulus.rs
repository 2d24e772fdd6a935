use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::weakness::Structure;
use crate::{Check, PublicKeySite};

rule! {
    /// The modulus of an RSA key looks like chance, but for its first and last bits. A pattern that
    /// repeats, words without a single one, or many more ones than zeros come from generators that hardly
    /// were random, and knowing how they failed is often enough to factor what they made. A modulus may
    /// also be no key at all: the backdoor of XZ Utils 5.6 (CVE-2024-3094) took its orders from there.
    ///
    /// It is fine in test data. What is looked for turns up by chance less than once in a thousand million
    /// keys.
    ///
    /// ```pem bad
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA modulus that is not random: a pattern of 3 bytes repeats
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMD/7sD/7sD/7sD/7sD/7sD/7sD/7sD/
    /// 7sD/7sD/7sEj9Z8alI2yO505gYmqRl0bXhiIsy+F9mqCguHJUEUBsRUCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-structured-modulus",
        summary: "RSA modulus is not random",
        remedy: "Make a new key with a current library, such as by `openssl genpkey`, and have its certificate issued anew.",
        severity: Medium,
        check: Check::PublicKey(check),
        peers: &["badkeys:rsapoly", "badkeys:pattern", "badkeys:rsabias", "badkeys:xzbackdoor"],
        security: true,
        cwe: &[331, 1240],
        controls: &[control::TLS_VALID],
        references: &["https://badkeys.info/", "https://nvd.nist.gov/vuln/detail/CVE-2024-3094"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(structure) = site.verdict().structure else { return };
    let message = match structure {
        Structure::Repetition(1) => "that is not random: one byte repeats".to_owned(),
        Structure::Repetition(bytes) => {
            format!("that is not random: a pattern of {bytes} bytes repeats")
        }
        Structure::EmptyWords(words) => {
            format!("that is not random: {words} of its words have all bits alike")
        }
        Structure::Bias => "that is not random: ones and zeros are not equally frequent".to_owned(),
        Structure::Backdoor => "that is a message to the backdoor of XZ Utils".to_owned(),
    };
    site.report(out, &format!("has an RSA modulus {message}"));
}

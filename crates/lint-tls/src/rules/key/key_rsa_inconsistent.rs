use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_x509_model::PrivateWeakness;

use crate::held::body;
use crate::{Check, KeySite};

rule! {
    /// An RSA private key holds its numbers several times over: the primes, their product, the exponents,
    /// and remainders that make signing fast. If they do not fit each other the file is damaged. Go,
    /// OpenSSL and Java refuse it or, worse, sign wrongly; and one wrong signature made with the wrong
    /// remainders gives a prime away to whoever sees it.
    ///
    /// It is fine in tests of parsers.
    ///
    /// ```recipe
    /// pair: {prepared: rsa-inconsistent}
    /// sound: {names: [shop.example.com], key: rsa2048}
    /// ```
    /// ```pem bad
    /// ${pair.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key is inconsistent: the values for the Chinese remainder theorem are not those of its other numbers
    /// ```
    /// ```pem good
    /// ${sound.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-inconsistent",
        summary: "numbers of an RSA private key do not fit each other",
        remedy: "Restore the key from where it was made, or make a new one and have its certificate issued anew; `openssl rsa -check` tells more.",
        severity: High,
        check: Check::PrivateKey(check),
        peers: &["openssl:rsa-check"],
        security: true,
        cwe: &[354],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc8017#section-3.2", "https://docs.openssl.org/master/man1/openssl-rsa/"],
    }
}

fn check(site: &KeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let reason = site.key.weaknesses.iter().find_map(|weakness| match weakness {
        PrivateWeakness::ModulusIsNoProduct => Some("the modulus is not the product of its primes"),
        PrivateWeakness::ExponentsDoNotFit => {
            Some("the private exponent does not belong to the public one")
        }
        PrivateWeakness::RemaindersDoNotFit => {
            Some("the values for the Chinese remainder theorem are not those of its other numbers")
        }
        PrivateWeakness::SmallExponent | PrivateWeakness::ClosePrimes => None,
    });
    if let Some(reason) = reason {
        let message = format!("private key is inconsistent: {reason}");
        out.report(site.item.place, message).evidence(reason).secret(body(site.item));
    }
}

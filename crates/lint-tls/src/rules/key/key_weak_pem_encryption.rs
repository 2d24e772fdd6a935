use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::Encryption;

use crate::held::body;
use crate::{Check, KeySite};

rule! {
    /// The password of a private key is guessed as fast as it can be tried. The old PEM form
    /// (`Proc-Type: 4,ENCRYPTED`) takes a single round of MD5 for a try, so a graphics card tries
    /// thousands of millions a second; PBES1 and the schemes of PKCS#12 add a few rounds and ciphers such
    /// as DES, RC2 and RC4. PKCS#8 with PBES2, which current tools write, costs far more per try.
    ///
    /// It is fine where the password is random and long. No encryption makes a key fit for a public
    /// repository.
    ///
    /// ```recipe
    /// old: {prepared: rfc1421}
    /// pbe: {prepared: pbes1}
    /// sound: {prepared: encrypted}
    /// ```
    /// ```pem bad file=tls/old.key
    /// ${old.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key is encrypted under RFC 1421, by one round of MD5
    /// ```
    /// ```pem bad file=tls/pbe.key
    /// ${pbe.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key is encrypted by a scheme of PKCS#12, with SHA-1 and a cipher of the past
    /// ```
    /// ```pem good
    /// ${sound.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-weak-pem-encryption",
        summary: "private key is encrypted by a scheme that hardly slows down guessing",
        remedy: "Encrypt it anew, such as by `openssl pkcs8 -topk8 -v2 aes-256-cbc -scrypt -in KEY`, with a new password, or better make a new key.",
        severity: Medium,
        check: Check::PrivateKey(check),
        security: true,
        cwe: &[916, 327],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc8018", "https://docs.openssl.org/master/man1/openssl-pkcs8/"],
    }
}

fn check(site: &KeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let how = match site.key.encryption {
        Some(Encryption::Rfc1421) => "under RFC 1421, by one round of MD5",
        Some(Encryption::Pbes1) => "by PBES1, with a cipher of 64 bits",
        Some(Encryption::Pkcs12) => "by a scheme of PKCS#12, with SHA-1 and a cipher of the past",
        Some(Encryption::Pbes2Broken) => "with DES or RC2",
        Some(Encryption::Pbes2 | Encryption::OpenSsh) | None => return,
    };
    let message = format!("private key is encrypted {how}");
    let finding = out.report(site.item.place, message);
    finding.evidence(how).secret(body(site.item));
    if site.bundle.quoted {
        finding.severity(Severity::Low);
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::weakness::known;
use crate::{Check, KeyHolder, PublicKeySite};

rule! {
    /// The private half of some keys is printed in standards or comes with the tests of a program, so
    /// everybody has it: a server with such a key can be impersonated, and who logs in with it is anybody.
    /// They get into service by copying an example. The list holds keys of test suites and of RFCs
    /// (`policies/tls/known-keys.txt`); the keys that Debian's OpenSSL could make in 2008 (CVE-2008-0166)
    /// are millions, and are not on it.
    ///
    /// It is fine in the tests that they are for.
    ///
    /// ```pem bad
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has a private key that everybody knows: it is published in the examples of jwt.io
    /// MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo
    /// 4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0/IzW7yWR7QkrmBL7jTKEn5u
    /// +qKhbwKfBstIs+bMY2Zkp18gnTxKLxoS2tFczGkPLPgizskuemMghRniWaoLcyeh
    /// kd3qqGElvW/VDL5AaWTg0nLVkjRo9z+40RQzuVaE8AkAFmxZzow3x+VJYKdjykkJ
    /// 0iT9wCS0DRTXu269V264Vf/3jvredZiKRkgwlL9xNAwxXFg0x/XFw005UWVRIkdg
    /// cKWTjpBP2dPwVZ4WWC+9aGVd+Gyn1o0CLelf4rEjGoXbAAEgAqeGUxrcIlbjXfbc
    /// mwIDAQAB
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```text bad file=roles/base/files/authorized_keys
    /// # The box was built with it.
    /// ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant
    /// ^^^^^^^ public key has a private key that everybody knows: it is published in Vagrant as its insecure key
    /// ```
    /// ```pem good
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-known-compromised",
        summary: "private key is published",
        remedy: "Make a new key, revoke what was certified for this one, and remove it from all `authorized_keys`.",
        severity: High,
        check: Check::PublicKey(check),
        peers: &["badkeys:blocklist"],
        security: true,
        cwe: &[321, 1391],
        controls: &[control::TLS_VALID],
        references: &["https://badkeys.info/", "https://www.rfc-editor.org/rfc/rfc9500"],
    }
}

fn check(site: &PublicKeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(place) = known(site.key) else { return };
    let message = match site.holder {
        KeyHolder::PrivateKey(_) => format!("is known to everybody: it is published in {place}"),
        _ => format!("has a private key that everybody knows: it is published in {place}"),
    };
    site.report(out, &message);
}

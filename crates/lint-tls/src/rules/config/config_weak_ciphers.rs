use careen_model::{Context, File};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::cipher::{Grade, weakest};
use crate::cipher_list;
use crate::directive::Directives;
use crate::names::Shown;

rule! {
    /// With suites that encrypt nothing, with RC4 or 3DES, traffic can be read or changed; without
    /// forward secrecy whoever recorded it reads it once he has the key; CBC was attacked again
    /// and again. Mozilla's guidelines (6.0) leave six suites for TLS 1.2, all with ECDHE and an
    /// AEAD, and no finite-field Diffie-Hellman.
    ///
    /// ```ini bad file=nginx.conf
    /// server {
    ///   ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA:AES256-SHA;
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ssl_ciphers` allows `RC4-SHA`, which uses RC4
    /// }
    /// ```
    /// ```ini good file=nginx.conf
    /// server {
    ///   ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256;
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-weak-ciphers",
        summary: "server is configured with weak cipher suites",
        remedy: "Take the intermediate list of Mozilla's guidelines: ECDHE with AES-GCM or ChaCha20-Poly1305.",
        severity: Medium,
        check: Check::Text(&MARKS, check),
        peers: &["testssl:cipherlists", "sslyze"],
        security: true,
        cwe: &[327],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://wiki.mozilla.org/Security/Server_Side_TLS",
            "https://www.rfc-editor.org/rfc/rfc9325",
        ],
    }
}

const MARKS: [&str; 9] = [
    "ssl_ciphers",
    "sslciphersuite",
    "ssl-default-bind-ciphers",
    "ssl-default-server-ciphers",
    "cipherstring",
    "tls_ciphers",
    "tls_cipher_suites",
    "tls-cipher-suites",
    "server.ssl.ciphers",
];

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let Some(settings) = Directives::of(file) else { return };
    for name in MARKS {
        for setting in settings.named(name) {
            let list = setting.value.split([';', '#', '}', ']']).next().unwrap_or_default();
            let Some(worst) = weakest(cipher_list::weak(list)) else { continue };
            let message = format!("`{}` allows {worst}", Shown(setting.name));
            let finding = out.report(setting.value_span, message).evidence(setting.name);
            match worst.judgement.grade {
                Grade::Broken => finding.severity(Severity::High),
                Grade::Old => finding.severity(Severity::Low),
                _ => finding,
            };
        }
    }
}

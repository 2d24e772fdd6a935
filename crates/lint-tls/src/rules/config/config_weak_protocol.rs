use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::directive::{Directive, Directives};
use crate::names::Shown;
use crate::protocol::{Listed, Protocol, Protocols};

rule! {
    /// TLS 1.0 and 1.1 rest on MD5 and SHA-1 and have been forbidden since 2021 (RFC 8996);
    /// browsers left them in 2020, PCI DSS in 2018. A server that still offers them lets whoever
    /// sits between push old clients down to them.
    ///
    /// It is fine for devices that cannot be updated, on an address of their own.
    ///
    /// ```ini bad file=nginx.conf
    /// server {
    ///   ssl_protocols TLSv1 TLSv1.1 TLSv1.2;
    /// #               ^^^^^^^^^^^^^^^^^^^^^ `ssl_protocols` allows TLS 1.0 and TLS 1.1
    /// }
    /// ```
    /// ```ini bad file=httpd.conf
    /// SSLProtocol all -SSLv3
    /// #           ^^^^^^^^^^ `SSLProtocol` allows TLS 1.0 and TLS 1.1
    /// ```
    /// ```yaml bad file=postgres.yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: postgres}
    /// data:
    ///   postgresql.conf: |
    ///     ssl = on
    ///     ssl_min_protocol_version = 'TLSv1.1'
    /// #                               ^^^^^^^ `ssl_min_protocol_version` allows TLS 1.1
    /// ```
    /// ```ini good file=nginx.conf
    /// server {
    ///   ssl_protocols TLSv1.2 TLSv1.3;
    ///   # ssl_protocols TLSv1;
    /// }
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-weak-protocol",
        summary: "server is configured to speak TLS under 1.2",
        remedy: "Allow TLS 1.2 and 1.3 only.",
        severity: High,
        check: Check::Text(&MARKS, check),
        peers: &["testssl:protocols", "sslyze", "kics"],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8996",
            "https://ssl-config.mozilla.org/",
        ],
    }
}

/// Directives that list versions, then settings that give the lowest one.
const MARKS: [&str; 17] = [
    "ssl_protocols",
    "sslprotocol",
    "sslproxyprotocol",
    "enabled-protocols",
    "smtpd_tls_protocols",
    "smtpd_tls_mandatory_protocols",
    "jdk.tls.client.protocols",
    "https.protocols",
    "ssl_min_protocol_version",
    "minprotocol",
    "ssl-min-ver",
    "tls_minimum_protocol_version",
    "tls_min_version",
    "min_tls_version",
    "minimum_tls_version",
    "minimum_protocol_version",
    "min_version",
];
const LISTS: usize = 8;

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let Some(settings) = Directives::of(file) else { return };
    for (at, name) in MARKS.into_iter().enumerate() {
        for setting in settings.named(name) {
            let weak: Vec<Protocol> = if at < LISTS { listed(&setting) } else { least(&setting) };
            if weak.is_empty() {
                continue;
            }
            let name = Shown(setting.name);
            let message = format!("`{name}` allows {}", Listed(&weak));
            let span = if at < LISTS { setting.value_span } else { setting.word_span() };
            out.report(span, message).evidence(setting.name);
        }
    }
}

fn listed(setting: &Directive<'_>) -> Vec<Protocol> {
    let list = setting.value.split([';', '#', '}']).next().unwrap_or_default();
    Protocols::of_list(list).into_iter().flat_map(Protocols::weak).collect()
}

/// From the lowest version on, up to what is fine.
fn least(setting: &Directive<'_>) -> Vec<Protocol> {
    let word = setting.word();
    // `1.0` may be the version of anything.
    let names_tls = word.to_ascii_lowercase().contains(['t', 's']);
    let least = Protocol::parse(word).filter(|least| names_tls && least.is_weak());
    let all = [Protocol::Ssl2, Protocol::Ssl3, Protocol::Tls10, Protocol::Tls11];
    least.map(|least| all.into_iter().filter(|each| *each >= least).collect()).unwrap_or_default()
}

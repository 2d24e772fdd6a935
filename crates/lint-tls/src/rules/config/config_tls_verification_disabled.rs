use careen_model::{Context, File};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::directive::Directives;
use crate::names::Shown;

rule! {
    /// A client that does not verify certificates talks to anybody who can take the server's
    /// place: on the same network, behind the same DNS, in the same cluster. It was switched on
    /// once because a certificate was wrong, and it is never switched off again, because nothing
    /// fails any more.
    ///
    /// It is fine against a server on the same machine. In the playbooks that an Ansible collection
    /// brings along to show its use, the finding is low.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// spec:
    ///   template:
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: shop/web
    ///         args: [--insecure-skip-tls-verify]
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^ `insecure-skip-tls-verify` switches the verification of certificates off
    ///         env:
    ///         - name: NODE_TLS_REJECT_UNAUTHORIZED
    ///           value: "0"
    /// #                 ^ `NODE_TLS_REJECT_UNAUTHORIZED` of `0` switches the verification of certificates off
    /// ```
    /// ```toml bad file=prometheus.toml
    /// [tls]
    /// insecure_skip_verify = true
    /// #                      ^^^^ `insecure_skip_verify` of `true` switches the verification of certificates off
    /// ```
    /// ```env bad
    /// export GIT_SSL_NO_VERIFY=1
    /// #                        ^ `GIT_SSL_NO_VERIFY` of `1` switches the verification of certificates off
    /// ```
    /// ```yaml bad file=ansible_collections/shop/store/playbooks/setup.yml
    /// - hosts: localhost
    ///   tasks:
    ///   - shop.store.setup: {validate_certs: false}
    /// #                                      ^^^^^ `validate_certs` of `false` switches the verification of certificates off
    /// ```
    /// ```yaml good file=changelogs/changelog.yaml
    /// bugfixes:
    /// - login - fix the proxy with validate_certs=False
    /// ```
    /// ```env good
    /// NODE_TLS_REJECT_UNAUTHORIZED=1
    /// # GIT_SSL_NO_VERIFY=1
    /// insecure_skip_verify: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-tls-verification-disabled",
        summary: "verification of certificates is switched off",
        remedy: "Give the client the CA that issued the server's certificate, and verify it.",
        severity: Medium,
        check: Check::Text(&MARKS, check),
        peers: &["checkov:CKV2_DOCKER_2..6"],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &["https://cwe.mitre.org/data/definitions/295.html"],
    }
}

const TRUE: &[&str] = &["true", "1", "yes", "on"];
const FALSE: &[&str] = &["false", "0", "no", "off"];
/// Flags that need no value.
const FLAG: &[&str] = &["true", "1", "yes", "on", ""];

/// Directives in lower case, and the values that switch verification off.
const SETTINGS: [(&str, &[&str]); 22] = [
    ("node_tls_reject_unauthorized", &["0"]),
    ("pythonhttpsverify", &["0"]),
    ("git_ssl_no_verify", TRUE),
    ("vault_skip_verify", TRUE),
    ("consul_http_ssl_verify", FALSE),
    ("insecure_skip_verify", TRUE),
    ("insecureskipverify", TRUE),
    ("insecure-skip-verify", FLAG),
    ("insecure-skip-tls-verify", FLAG),
    ("kubelet-insecure-tls", FLAG),
    ("tls_skip_verify", TRUE),
    ("skip_tls_verify", TRUE),
    ("tlsskipverify", TRUE),
    ("tls_insecure", TRUE),
    ("tlsinsecure", TRUE),
    ("skip_ssl_validation", TRUE),
    ("verify_ssl", FALSE),
    ("ssl_verify", FALSE),
    ("sslverify", FALSE),
    ("strict-ssl", FALSE),
    ("validate_certs", FALSE),
    ("no-check-certificate", &[""]),
];

const MARKS: [&str; 22] = {
    let mut marks = [""; 22];
    let mut at = 0;
    while at < SETTINGS.len() {
        marks[at] = SETTINGS[at].0;
        at += 1;
    }
    marks
};

/// Objects with rules of their own for such a field.
const OWN: [&str; 9] = [
    "APIService",
    "Backend",
    "BackendTLSPolicy",
    "ClusterIssuer",
    "Config",
    "DestinationRule",
    "Issuer",
    "ServersTransport",
    "ServersTransportTCP",
];

/// Words on a line that say the server is on the same machine.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let Some(settings) = Directives::of(file) else { return };
    for (name, off) in SETTINGS {
        for setting in settings.named(name) {
            let is_flag = off.contains(&"");
            let is_off = match setting.word() {
                "" => is_flag && is_behind_dashes(file, setting.name_span.start),
                // What follows a flag on a command line is another word.
                _ if is_flag && is_behind_dashes(file, setting.name_span.start) => {
                    !setting.is(FALSE)
                }
                _ => setting.is(off),
            };
            // Traefik's transports have a rule of their own.
            if !is_off
                || behind(file, setting.name_span.start, "serversTransport.")
                || is_local(file, setting.name_span.start)
                || has_own_rule(file, setting.name_span)
            {
                continue;
            }
            let word = if setting.is(off) && !setting.word().is_empty() {
                format!(" of `{}`", Shown(setting.word()))
            } else {
                String::new()
            };
            let span = if word.is_empty() { setting.name_span } else { setting.word_span() };
            let name = Shown(setting.name);
            let message = format!("`{name}`{word} switches the verification of certificates off");
            let finding = out.report(span, message).evidence(setting.name);
            if is_sample(file.source.path()) {
                finding.severity(Severity::Low);
            }
        }
    }
}

fn behind(file: &File, at: u32, word: &str) -> bool {
    file.source.text().get(..at as usize).is_some_and(|before| before.ends_with(word))
}

/// Whether a file is a playbook that an Ansible collection brings along.
fn is_sample(path: &str) -> bool {
    let mut folders = path.split('/').skip_while(|folder| *folder != "ansible_collections");
    folders.any(|folder| folder == "playbooks" || folder == "rulebooks")
}

fn is_behind_dashes(file: &File, at: u32) -> bool {
    behind(file, at, "--")
}

fn is_local(file: &File, at: u32) -> bool {
    let (before, after) = file.source.text().split_at_checked(at as usize).unwrap_or_default();
    let start = before.rsplit('\n').next().unwrap_or_default();
    let end = after.split('\n').next().unwrap_or_default();
    LOCAL.iter().any(|word| start.contains(word) || end.contains(word))
}

fn has_own_rule(file: &File, span: careen_text::Span) -> bool {
    file.views()
        .any(|view| OWN.contains(&view.kind()) && view.root().definition_span().overlaps(span))
}

use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::directive::Directives;
use crate::names::Shown;

rule! {
    /// Whoever has the key of session tickets reads every resumed connection, and of TLS 1.2 every
    /// connection, also those recorded before: forward secrecy is gone. A key in a repository or
    /// a file that nobody replaces is such a key for as long as the server runs. Servers make a
    /// key at start and rotate it themselves.
    ///
    /// A path to a file that a job replaces every few hours is fine.
    ///
    /// ```yaml bad file=envoy.yaml
    /// common_tls_context: {}
    /// session_ticket_keys:
    ///   keys:
    ///   - inline_string: "not-really-eighty-bytes-of-key"
    /// #   ^^^^^^^^^^^^^ static key of session tickets stands in `inline_string`
    /// ```
    /// ```yaml good file=envoy.yaml
    /// session_ticket_keys:
    ///   keys:
    ///   - filename: /run/tickets/current
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-session-ticket-key-committed",
        summary: "key of TLS session tickets is written into the configuration",
        remedy: "Remove the key: let the server make and rotate its own, or mount one that is rotated.",
        severity: High,
        check: Check::Text(&["session_ticket_keys"], check),
        security: true,
        cwe: &[321],
        controls: &[control::TLS_ENABLED],
        references: &["https://www.rfc-editor.org/rfc/rfc9325#section-3.4"],
    }
}

/// Lines below `session_ticket_keys` that belong to it.
const LINES: usize = 12;

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let Some(settings) = Directives::of(file) else { return };
    let keys = settings.named("session_ticket_keys");
    for inline in ["inline_string", "inline_bytes"] {
        for setting in settings.named(inline) {
            let near = keys.iter().any(|key| {
                let between = key.name_span.end as usize..setting.name_span.start as usize;
                file.source
                    .text()
                    .get(between)
                    .is_some_and(|text| text.lines().take(LINES + 1).count() <= LINES)
            });
            if near && !setting.value.is_empty() && !setting.value.contains(['$', '{']) {
                let name = Shown(setting.name);
                let message = format!("static key of session tickets stands in `{name}`");
                let finding = out.report(setting.name_span, message);
                finding.evidence(setting.name).secret(setting.value_span);
            }
        }
    }
}

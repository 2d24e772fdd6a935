use std::collections::BTreeSet;

use careen_model::{Context, File, FileKind};
use careen_rule::{Sink, control, rule};
use careen_text::Span;
use memchr::memmem;

use crate::Check;

rule! {
    /// A client that pins one key and no other stops working on the day the server's key changes:
    /// when it is lost, when the CA revokes, when rotation is made a rule. Released apps cannot be
    /// mended from the server's side. Every guide to pinning asks for a backup pin of a key that
    /// is kept elsewhere.
    ///
    /// Whether the pin fits the certificate that is served cannot be told from the file alone.
    ///
    /// ```text bad file=res/xml/network_security_config.xml
    /// <pin-set>
    ///   <pin digest="SHA-256">47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</pin>
    /// #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ one key is pinned and no backup: the client breaks when it changes
    /// </pin-set>
    /// ```
    /// ```text good file=res/xml/network_security_config.xml
    /// <pin-set>
    ///   <pin digest="SHA-256">47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</pin>
    ///   <pin digest="SHA-256">fwza0LRMXouZHRC8Ei+4PyuldPDcf3UKgO/04cDM1oE=</pin>
    /// </pin-set>
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-pin-mismatch",
        summary: "one key is pinned without a backup",
        remedy: "Pin a second key that is kept elsewhere, or do without pinning.",
        severity: Medium,
        check: Check::Text(&MARKS, check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://developer.android.com/privacy-and-security/security-config#CertificatePinning",
            "https://owasp.org/www-community/controls/Certificate_and_Public_Key_Pinning",
        ],
    }
}

const MARKS: [&str; 3] = ["digest=\"SHA-256\">", "pin-sha256=\"", "sha256/"];
/// Base64 of 32 bytes.
const LENGTH: usize = 44;

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    if matches!(file.kind, FileKind::Prose | FileKind::Lock) {
        return;
    }
    let text = file.source.text();
    let mut pins = BTreeSet::new();
    let mut first = None;
    for mark in MARKS {
        for at in memmem::find_iter(text.as_bytes(), mark) {
            let start = at + mark.len();
            let Some(pin) = text.get(start..start + LENGTH).filter(|pin| is_pin(pin)) else {
                continue;
            };
            first = first.or(Some(Span::of(start..start + LENGTH)));
            pins.insert(pin);
        }
    }
    if let (Some(span), 1) = (first, pins.len()) {
        let message = "one key is pinned and no backup: the client breaks when it changes";
        out.report(span, message);
    }
}

fn is_pin(text: &str) -> bool {
    let body = text.strip_suffix('=').unwrap_or_default();
    body.len() + 1 == LENGTH
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

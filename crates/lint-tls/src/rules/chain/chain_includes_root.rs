use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, evidence};
use crate::{BundleSite, Check};

rule! {
    /// Clients trust a root because they have it, not because a server sends it: in the chain it
    /// costs a kilobyte in every handshake and does nothing. RFC 8446 says that it may be left
    /// out.
    ///
    /// It is harmless, and some programs read their trust from the same file; then it is right.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ${root.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop Root` is the root, which clients have or do not trust
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-includes-root",
        summary: "chain holds its root",
        remedy: "Remove the last certificate of the chain.",
        severity: Info,
        check: Check::Bundle(check),
        peers: &["sslyze:received_chain_contains_anchor_certificate"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !site.is_presented() {
        return;
    }
    if let Some(root) = site.path().skip(1).last().filter(|last| last.certificate.is_root()) {
        let message =
            format!("{} is the root, which clients have or do not trust", Called(root.certificate));
        out.report(root.item.place, message).evidence(evidence(root.certificate));
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Name, evidence};
use crate::{BundleSite, Check};

rule! {
    /// A certificate that belongs to no path from the server's own travels in every handshake for
    /// nothing. More often it is a sign: the intermediate of the CA that was used before, still
    /// there after a move, while the one that is needed is missing. Strict clients stop at it.
    ///
    /// Cross-signed twins of a CA in the chain are fine and are let be.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}
    /// other: {ca: true, common_name: Former CA, not_after: 4y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ${other.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Former CA` has no part in the chain of `shop.example.com`
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` stands in the chain a second time
    /// ${ca.crt}
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-unrelated-certificate",
        summary: "certificate has no part in the chain it stands in",
        remedy: "Remove the certificate, and see whether the intermediate that is needed is there.",
        severity: Low,
        check: Check::Bundle(check),
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    if !site.is_presented() {
        return;
    }
    let Some(leaf) = site.leaf() else { return };
    for stranger in site.strangers() {
        let same = |other: &crate::CertificateSite<'_>| {
            other.certificate.sha256 == stranger.certificate.sha256
        };
        let message = if site.path().any(|member| same(&member)) {
            format!("{} stands in the chain a second time", Called(stranger.certificate))
        } else {
            let (what, name) = (Called(stranger.certificate), Name(leaf.certificate));
            format!("{what} has no part in the chain of `{name}`")
        };
        out.report(stranger.item.place, message).evidence(evidence(stranger.certificate)).related(
            &site.file.source,
            leaf.item.place,
            "the chain's own certificate",
        );
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Name, evidence};
use crate::{BundleSite, Check};

rule! {
    /// TLS 1.2 asks that each certificate certify the one before it (RFC 5246 §7.4.2). Browsers
    /// sort by themselves; older OpenSSL, Java and embedded clients walk the list once and give up
    /// at the first gap, so the service works on the desk and fails in the field.
    ///
    /// It is fine where every client speaks TLS 1.3, which recommends the order and does not ask
    /// for it.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca1: {ca: true, common_name: Shop CA 1, not_after: 4y, issuer: root}
    /// ca2: {ca: true, common_name: Shop CA 2, not_after: 3y, issuer: ca1}
    /// leaf: {names: [shop.example.com], issuer: ca2}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca1.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA 1` stands before `Shop CA 2`, which it issued
    /// ${ca2.crt}
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${ca2.crt}
    /// ${ca1.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-misordered",
        summary: "certificates of a chain are out of order",
        remedy: "Put each issuer right after the certificate that it issued.",
        severity: Medium,
        check: Check::Bundle(check),
        peers: &["sslyze:received_chain_has_valid_order"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2",
            "https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2",
        ],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    // A leaf that is not first is told by `chain-leaf-not-first`.
    if site.leaf().is_none_or(|leaf| leaf.position > 0) {
        return;
    }
    let pairs = site.path().zip(site.path().skip(1));
    if let Some((child, issuer)) = pairs.into_iter().find(|(a, b)| a.position > b.position) {
        let message = format!(
            "{} stands before `{}`, which it issued",
            Called(issuer.certificate),
            Name(child.certificate)
        );
        out.report(issuer.item.place, message).evidence(evidence(issuer.certificate)).related(
            &site.file.source,
            child.item.place,
            "what it issued",
        );
    }
}

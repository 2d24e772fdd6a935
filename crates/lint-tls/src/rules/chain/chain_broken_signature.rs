use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Name, evidence};
use crate::{BundleSite, Check};

rule! {
    /// The chain holds a CA of the right name whose key did not sign: an earlier or later
    /// generation of the same CA, mostly after it was made anew. Clients find no path (Go: `x509:
    /// certificate signed by unknown authority … possibly because of "x509: ECDSA verification
    /// failure"`), although everything looks right to a person who compares names.
    ///
    /// It is fine nowhere in a chain that is served.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: Shop CA, not_after: 4y}
    /// new: {ca: true, common_name: Shop CA, not_after: 4y}
    /// leaf: {names: [shop.example.com], issuer: new}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${old.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` has the name of the issuer of `shop.example.com`, but did not sign it
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${new.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-broken-signature",
        summary: "issuer in a chain has the right name and the wrong key",
        remedy: "Replace the CA's certificate by the one whose key signed, or have the server's certificate issued again.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["certigo:verify"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3"],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Some(namesake), Some(child)) = (site.namesake(), site.path().last()) else { return };
    let message = format!(
        "{} has the name of the issuer of `{}`, but did not sign it",
        Called(namesake.certificate),
        Name(child.certificate)
    );
    out.report(namesake.item.place, message).evidence(evidence(namesake.certificate)).related(
        &site.file.source,
        child.item.place,
        "what it did not sign",
    );
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::authorities::crossings;
use crate::date::Date;
use crate::names::{Called, Shown, evidence};
use crate::{BundleSite, Check};

rule! {
    /// A new root is cross-signed by an old one, so that clients that know only the old one find
    /// a path too. Once the old one has ended, the cross-signed certificate leads nowhere, and
    /// some clients follow it all the same and fail: OpenSSL before 1.1.0 and GnuTLS before 3.6.14
    /// did, all over the world, when AddTrust External CA Root and DST Root CA X3 ended, though
    /// the new root was in their store.
    ///
    /// It is fine where old Android devices must connect, which look at no root's end.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: DST Root CA X3, not_before: -9y, not_after: -5y}
    /// cross: {ca: true, common_name: New Root, not_after: 5y, issuer: old}
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: cross}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// first: {ca: true, common_name: Shop Root 1, not_before: -9y, not_after: -5d}
    /// second: {ca: true, common_name: Shop Root 2, not_after: 5y}
    /// bridge: {ca: true, common_name: Shop Root 2, key_of: second, not_before: -2y, not_after: -5d, issuer: first}
    /// issuing: {ca: true, common_name: Issuing CA, not_after: 4y, issuer: second}
    /// web: {names: [shop.example.com], issuer: issuing}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ${cross.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `New Root` is cross-signed by `CN=DST Root CA X3`, and that way ended on 2021-09-30
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    /// ```pem bad
    /// ${web.crt}
    /// ${issuing.crt}
    /// ${second.crt}
    /// ${bridge.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop Root 2` is cross-signed by `CN=Shop Root 1`, and that way ended on 2026-11-26
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-cross-sign-expired",
        summary: "chain leads to a root that has ended, over a cross-signed certificate",
        remedy: "Take the cross-signed certificate out of the chain, or ask the ACME client for the other chain.",
        severity: Medium,
        check: Check::Bundle(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://letsencrypt.org/docs/dst-root-ca-x3-expiration-september-2021/",
            "https://openssl-library.org/post/2021-09-13-letsencryptrootcertexpire/",
        ],
    }
}

fn check(site: &BundleSite<'_>, context: &Context, out: &mut Sink<'_>) {
    for crossing in crossings(site, context.now) {
        let certificate = crossing.twin.certificate;
        let (what, issuer) = (Called(certificate), Shown(&certificate.issuer));
        let end = Date(crossing.ended);
        let message = format!("{what} is cross-signed by `{issuer}`, and that way ended on {end}");
        out.report(crossing.twin.item.place, message).evidence(evidence(certificate));
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::date::{Date, Span};
use crate::names::{Called, evidence};
use crate::validity::Validity;
use crate::{CertificateSite, Check, Role};

rule! {
    /// A chain is as good as its weakest member: a valid certificate behind an expired
    /// intermediate is refused by Go, Java and OpenSSL, while browsers, which fetch and remember
    /// intermediates, may let it pass. So it works on the desk and fails between services, as it
    /// did everywhere when AddTrust External CA Root and DST Root CA X3 ended.
    ///
    /// It is fine where a newer twin of the same CA stands in the chain as well; then the old one
    /// can go.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_before: -400d, not_after: -3d, issuer: root}
    /// next: {ca: true, common_name: Shop CA 2, not_after: 4y, issuer: root}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// new: {names: [shop.example.com], issuer: next}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` of the chain expired on 2026-11-28, 3 days ago
    /// ```
    /// ```pem good
    /// ${new.crt}
    /// ${next.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-member-expired",
        summary: "chain holds an expired certificate",
        remedy: "Replace the intermediate by the one that the CA uses now.",
        severity: High,
        check: Check::Certificate(check),
        peers: &["testssl:intermediate_cert_expiration"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3",
            "https://letsencrypt.org/docs/dst-root-ca-x3-expiration-september-2021/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    // Key stores have a rule of their own.
    let is_member = site.role == Role::Member && site.item.entry.is_none();
    if is_member && Validity::of(certificate, context.now) == Validity::Expired {
        let (end, ago) =
            (Date(certificate.not_after), Span(context.now.saturating_sub(certificate.not_after)));
        let message = format!("{} of the chain expired on {end}, {ago} ago", Called(certificate));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

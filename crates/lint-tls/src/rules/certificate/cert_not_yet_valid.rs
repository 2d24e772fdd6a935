use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::date::{Date, Span};
use crate::names::{Called, evidence};
use crate::validity::Validity;
use crate::{CertificateSite, Check};

rule! {
    /// Clients refuse a certificate before its first day exactly as they refuse an expired one, in
    /// the same words. The usual causes are a machine with a wrong clock that made the
    /// certificate, and a renewal that is rolled out ahead of time. A certificate that is prepared
    /// for later is fine in a repository as long as nothing deploys it.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, not_before: 35d, not_after: 100d}
    /// now: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is not valid before 2027-01-05, in 35 days
    /// ```
    /// ```pem good
    /// ${now.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-not-yet-valid",
        summary: "certificate is not valid yet",
        remedy: "Deploy the certificate after its first day, or have it issued again by a machine whose clock is right.",
        severity: High,
        check: Check::Certificate(check),
        peers: &["testssl:cert_notBefore", "istioctl:IST0161", "limbo:rfc5280::validity"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if Validity::of(certificate, context.now) != Validity::NotYet {
        return;
    }
    let (start, until) =
        (certificate.not_before, certificate.not_before.saturating_sub(context.now));
    let message =
        format!("{} is not valid before {}, in {}", Called(certificate), Date(start), Span(until));
    out.report(site.item.place, message).evidence(evidence(certificate));
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::date::Date;
use crate::names::{Called, evidence};
use crate::validity::Validity;
use crate::{CertificateSite, Check};

rule! {
    /// A certificate whose last day lies before its first one is valid at no time: every client
    /// refuses it, today and always. It comes from scripts that compute dates, or from a year
    /// beyond 2049 written with two digits.
    ///
    /// It is fine only as a test of a parser.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, not_before: 10d, not_after: -10d}
    /// sound: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` ends on 2026-11-21, before it begins on 2026-12-11
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-validity-inverted",
        summary: "certificate ends before it begins",
        remedy: "Have the certificate issued again with its dates in order.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_validity_time_not_positive",
            "pkilint:pkix.certificate_negative_validity_period",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if Validity::of(certificate, context.now) == Validity::Inverted {
        let (start, end) = (Date(certificate.not_before), Date(certificate.not_after));
        let message = format!("{} ends on {end}, before it begins on {start}", Called(certificate));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

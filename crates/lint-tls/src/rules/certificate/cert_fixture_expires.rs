use careen_model::{Context, PathClass};
use careen_rule::{Sink, control, rule};

use crate::date::{DAY, Date, Span};
use crate::names::{Called, evidence};
use crate::validity::Validity;
use crate::{CertificateSite, Check};

/// How many days ahead fixtures are looked at.
const AHEAD: i64 = 90;

rule! {
    /// The day a certificate of the tests expires, the tests of every branch fail at once, also
    /// those of releases that nobody has touched for a year, and no change in the code explains
    /// it. It happens to large projects every year. Fixtures should be made when the tests run, or
    /// be valid for decades.
    ///
    /// An expired fixture is fine where expiry is what is tested, and harmless where the clock of
    /// the tests stands still. The rule is off unless asked for.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Test CA, not_after: 20y}
    /// leaf: {names: [a.test], issuer: ca, not_before: -300d, not_after: 65d}
    /// gone: {names: [a.test], issuer: ca, not_before: -300d, not_after: -5d}
    /// long: {names: [a.test], issuer: ca, not_after: 19y}
    /// ```
    /// ```pem bad file=tests/data/a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `a.test` of the tests expires on 2027-02-04, in 65 days
    /// ```
    /// ```pem bad file=tests/data/b.pem
    /// ${gone.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `a.test` of the tests expired on 2026-11-26, 5 days ago
    /// ```
    /// ```pem good file=tests/data/a.pem
    /// ${long.crt}
    /// ```
    /// ```pem good file=server.pem
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-fixture-expires",
        summary: "certificate of the tests has expired or does so within 90 days",
        remedy: "Make the certificate when the tests run, or one that is valid for decades.",
        severity: Low,
        check: Check::Certificate(check),
        default: false,
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if site.bundle.file.class != PathClass::Test {
        return;
    }
    let (end, called) = (Date(certificate.not_after), Called(certificate));
    let left = certificate.not_after.saturating_sub(context.now);
    let message = match Validity::of(certificate, context.now) {
        Validity::Expired => {
            let ago = Span(left.saturating_neg());
            format!("{called} of the tests expired on {end}, {ago} ago")
        }
        Validity::Valid if left < AHEAD * DAY => {
            format!("{called} of the tests expires on {end}, in {}", Span(left))
        }
        _ => return,
    };
    out.report(site.item.place, message).evidence(evidence(certificate));
}

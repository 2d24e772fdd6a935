use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::date::{Date, Span};
use crate::names::{Called, evidence};
use crate::roots::is_of_others;
use crate::validity::Validity;
use crate::{CertificateSite, Check, Role};

rule! {
    /// A CA that has expired vouches for nobody any more: every certificate under it is refused by
    /// those who verify with this bundle. If it is the only one, they refuse everybody: webhooks
    /// fail, mutual TLS fails, and nothing names the bundle as the cause. If others are valid, it
    /// is ballast, and old OpenSSL may prefer the expired path over a valid one.
    ///
    /// It is fine where archived signatures are checked against the time they were made.
    ///
    /// ```recipe
    /// old: {ca: true, common_name: Old CA, not_before: -900d, not_after: -100d}
    /// new: {ca: true, common_name: New CA, not_after: 5y}
    /// ```
    /// ```pem bad file=ca-bundle.pem
    /// ${new.crt}
    /// ${old.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Old CA` in a trust bundle expired on 2026-08-23, 100 days ago
    /// ```
    /// ```pem good file=ca-bundle.pem
    /// ${new.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "trust-bundle-expired-ca",
        summary: "trust bundle holds an expired certificate",
        remedy: "Take the expired certificate out of the bundle, and put in the one that follows it.",
        severity: Medium,
        check: Check::Certificate(check),
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
    if site.role != Role::Trust
        || site.item.entry.is_some()
        || Validity::of(certificate, context.now) != Validity::Expired
    {
        return;
    }
    let (end, ago) =
        (Date(certificate.not_after), Span(context.now.saturating_sub(certificate.not_after)));
    let message = format!("{} in a trust bundle expired on {end}, {ago} ago", Called(certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if site.bundle.quoted || is_of_others(site) {
        finding.severity(Severity::Low);
    }
}

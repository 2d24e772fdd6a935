use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Severity, Sink, control, rule};

use crate::date::{Date, Span};
use crate::names::{Called, evidence};
use crate::validity::{Validity, WINDOW, window};
use crate::{CertificateSite, Check, Role};

rule! {
    /// A certificate in a repository does not renew itself: someone must replace it, review the
    /// change and roll it out, and the day it was forgotten every client refuses the service. The
    /// warning comes 30 days before the end, or in the last third of a shorter life, which is when
    /// cert-manager renews.
    ///
    /// It is fine where a controller overwrites the Secret in time; then the copy in the
    /// repository should go, since it undoes the renewal. CA bundles are not judged, unless a
    /// forecast is asked for (`--forecast`): then everything that expires within it is listed, in
    /// chains and CA bundles too, mildly where it is not due yet.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, not_before: -80d, not_after: 10d}
    /// short: {names: [shop.example.com], issuer: ca, not_before: -1d, not_after: 6d}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` expires on 2026-12-11, in 10 days
    /// ```
    /// ```pem good
    /// ${short.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-expires-soon",
        summary: "certificate expires within weeks",
        remedy: "Renew the certificate now, and let something renew it from then on, such as cert-manager.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "testssl:cert_expirationStatus",
            "x509-certificate-exporter",
            "cnspec",
        ],
        options: &[RuleOption {
            name: "days",
            kind: OptionKind::Number,
            summary: "How many days before its end a certificate is reported, at most a third of its life; 30 without it.",
        }],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/#reissuance-triggered-by-expiry-renewal",
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
        ],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if Validity::of(certificate, context.now) != Validity::Valid {
        return;
    }
    // Key stores and kubeconfigs have rules of their own.
    if site.item.entry.is_some() || site.bundle.is_in_kubeconfig() {
        return;
    }
    let left = certificate.not_after.saturating_sub(context.now);
    let most = context.options.number(RULE.meta.id, "days").unwrap_or(WINDOW);
    let due = left < window(certificate, most);
    let foreseen = context.forecast.is_some_and(|ahead| left <= ahead);
    if !foreseen && (!due || site.role == Role::Trust) {
        return;
    }
    let end = Date(certificate.not_after);
    let message = format!("{} expires on {end}, in {}", Called(certificate), Span(left));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if !due {
        finding.severity(Severity::Info);
    } else if site.bundle.quoted || site.role == Role::Trust {
        finding.severity(Severity::Low);
    }
}

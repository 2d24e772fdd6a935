use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::date::{DAY, Date};
use crate::names::{Called, evidence};
use crate::validity::{lifetime, public_limit};
use crate::{CertificateSite, Check};

rule! {
    /// Browsers refuse a public certificate whose life is longer than the limit in force on its
    /// first day (Chrome: `ERR_CERT_VALIDITY_TOO_LONG`): 398 days since September 2020, 200 days
    /// since 2026-03-15, 100 days from 2027-03-15, 47 days from 2029-03-15. No public CA issues
    /// such a certificate, so most likely a private CA copied a public CA's profile.
    ///
    /// A certificate counts as public if it names a policy of the CA/Browser Forum or holds
    /// timestamps of transparency logs. Private CAs should put neither in; their certificates are
    /// not bound by these limits.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, public: true, not_after: 380d}
    /// short: {names: [shop.example.com], issuer: ca, public: true, not_after: 80d}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is valid for 390 days; public certificates that begin on 2026-11-21 may have 200
    /// ```
    /// ```pem good
    /// ${short.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-validity-too-long-public",
        summary: "public server certificate is valid for longer than browsers take",
        remedy: "Have the certificate issued within the limit, or leave public policies out of a private CA's profile.",
        severity: High,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_server_cert_valid_time_longer_than_200_days",
            "zlint:e_server_cert_valid_time_longer_than_100_days",
            "zlint:e_server_cert_valid_time_longer_than_47_days",
            "zlint:e_tls_server_cert_valid_time_longer_than_398_days",
            "zlint:e_sub_cert_valid_time_longer_than_825_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_398_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_200_days",
            "testssl:cert_extlifeSpan",
        ],
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://cabforum.org/2025/04/11/ballot-sc081v3-introduce-schedule-of-reducing-validity-and-data-reuse-periods/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if !site.is_public() || !site.is_server() || certificate.is_ca() {
        return;
    }
    let Some(limit) = public_limit(certificate) else { return };
    if lifetime(certificate) > limit * DAY + 1 {
        let message = format!(
            "{} is valid for {} days; public certificates that begin on {} may have {limit}",
            Called(certificate),
            lifetime(certificate) / DAY,
            Date(certificate.not_before)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

use careen_model::Context;
use careen_rule::{Confidence, Severity, Sink, control, rule};

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
    /// The last day within a limit is for clocks that differ: CAs are told to leave it unused, and
    /// a certificate that uses it is a low finding.
    ///
    /// A certificate counts as public if it names a policy of the CA/Browser Forum or holds
    /// timestamps of transparency logs. Private CAs should put neither in; their certificates are
    /// not bound by these limits.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, public: true, not_after: 380d}
    /// short: {names: [shop.example.com], issuer: ca, public: true, not_after: 80d}
    /// edge: {names: [shop.example.com], issuer: ca, public: true, not_after: 4559h}
    /// private: {names: [shop.example.com], issuer: ca, not_after: 380d}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is valid for 390 days; public certificates that begin on 2026-11-21 may have 200
    /// ```
    /// ```pem bad file=b.pem
    /// ${edge.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is valid for more than 199 days; of the 200 that public certificates may have, the last should be left unused
    /// ```
    /// ```pem good file=a.pem
    /// ${short.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${private.crt}
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
            "zlint:w_server_cert_valid_time_longer_than_199_days",
            "zlint:w_server_cert_valid_time_longer_than_99_days",
            "zlint:w_server_cert_valid_time_longer_than_46_days",
            "zlint:e_tls_server_cert_valid_time_longer_than_398_days",
            "zlint:w_tls_server_cert_valid_time_longer_than_397_days",
            "zlint:e_sub_cert_valid_time_longer_than_825_days",
            "zlint:e_sub_cert_valid_time_longer_than_39_months",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_398_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_200_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_100_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_47_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_397_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_199_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_99_days",
            "pkilint:cabf.serverauth.certificate_validity_period_exceeds_46_days",
            "testssl:cert_extlifeSpan",
            "sslyze:mozilla-lifespan",
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
    if !site.is_public_server() {
        return;
    }
    let Some(limit) = public_limit(certificate) else { return };
    let (called, life) = (Called(certificate), lifetime(certificate));
    if life > limit * DAY {
        let message = format!(
            "{called} is valid for {}; public certificates that begin on {} may have {limit}",
            Length { life, limit },
            Date(certificate.not_before)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    } else if life > (limit - 1) * DAY && limit <= WITH_SLACK {
        let message = format!(
            "{called} is valid for more than {} days; of the {limit} that public certificates may have, the last should be left unused",
            limit - 1
        );
        let finding = out.report(site.item.place, message).evidence(evidence(certificate));
        finding.severity(Severity::Low);
    }
}

/// The longest limit whose last day should be left unused, in days.
const WITH_SLACK: i64 = 398;

/// A life in days; where only a part of a day is too much, with that: `200 days and 1 second`.
struct Length {
    life: i64,
    limit: i64,
}

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let days = self.life / DAY;
        write!(f, "{days} days")?;
        match self.life % DAY {
            0 => Ok(()),
            _ if days > self.limit => Ok(()),
            1 => f.write_str(" and 1 second"),
            more if more < 3600 => write!(f, " and {more} seconds"),
            more => write!(f, " and {} hours", more / 3600),
        }
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::date::DAY;
use crate::names::{Called, evidence};
use crate::validity::{PRIVATE_LIMIT, lifetime};
use crate::{CertificateSite, Check};

rule! {
    /// Apple's systems refuse server certificates that are valid for more than 825 days, also from
    /// a CA of your own. Beyond that, a certificate for ten years outlives the people who know how
    /// it was made: nobody practises its renewal, and a leaked key stays good for as long.
    ///
    /// It is fine for appliances that nobody can reach and no Apple device talks to.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 20y}
    /// leaf: {names: [shop.example.com], issuer: ca, not_after: 3640d}
    /// year: {names: [shop.example.com], issuer: ca, not_after: 1y}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is valid for 3650 days; Apple's systems take no more than 825
    /// ```
    /// ```pem good
    /// ${year.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-validity-excessive-private",
        summary: "private server certificate is valid for more than 825 days",
        remedy: "Issue the certificate for a year or less, and let something renew it.",
        severity: Low,
        check: Check::Certificate(check),
        controls: &[control::TLS_VALID, control::CREDENTIAL_ROTATION],
        references: &["https://support.apple.com/en-us/103769"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    // A day of grace: many tools count both the first and the last day.
    if lifetime(certificate) > (PRIVATE_LIMIT + 1) * DAY && site.is_server() && !site.is_public() {
        let days = lifetime(certificate) / DAY;
        let message = format!(
            "{} is valid for {days} days; Apple's systems take no more than {PRIVATE_LIMIT}",
            Called(certificate)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}

use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::authorities::{Crossing, crossings};
use crate::date::{DAY, Date, Span};
use crate::names::{Called, evidence};
use crate::roots::is_public;
use crate::validity::Validity;
use crate::{CertificateSite, Check, Role};

rule! {
    /// A chain is as good as its weakest member: a valid certificate behind an expired
    /// intermediate is refused by Go, Java and OpenSSL, while browsers, which fetch and remember
    /// intermediates, may let it pass. So it works on the desk and fails between services, as it
    /// did everywhere when AddTrust External CA Root and DST Root CA X3 ended.
    ///
    /// A CA that ends before the certificate it issued is told as well, with less weight: the
    /// service ends with the CA, on a day that no renewal looks at. An expired CA that the chain
    /// does not need, since a newer twin stands beside it, is ballast; if it is the twin of a root,
    /// `chain-cross-sign-expired` tells.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_before: -400d, not_after: -3d, issuer: root}
    /// next: {ca: true, common_name: Shop CA 2, not_after: 4y, issuer: root}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// new: {names: [shop.example.com], issuer: next}
    /// short: {ca: true, common_name: Shop CA 3, not_after: 40d, issuer: root}
    /// long: {names: [shop.example.com], issuer: short}
    /// late: {ca: true, common_name: Shop CA 4, not_before: 10d, not_after: 4y, issuer: root}
    /// early: {names: [shop.example.com], issuer: late}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` of the chain expired on 2026-11-28, 3 days ago
    /// ```
    /// ```pem bad
    /// ${long.crt}
    /// ${short.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA 3` of the chain ends on 2027-01-10, before the certificate for `shop.example.com`, which ends on 2027-02-19
    /// ```
    /// ```pem good
    /// ${new.crt}
    /// ${next.crt}
    /// ```
    /// ```pem good
    /// ${early.crt}
    /// ${late.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-member-expired",
        summary: "chain holds a CA that has expired, or will before the server's certificate",
        remedy: "Replace the intermediate by the one that the CA uses now.",
        severity: High,
        check: Check::Certificate(check),
        peers: &["testssl:intermediate_cert_expiration", "limbo:rfc5280::validity"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3",
            "https://letsencrypt.org/docs/dst-root-ca-x3-expiration-september-2021/",
        ],
    }
}

fn check(site: &CertificateSite<'_>, context: &Context, out: &mut Sink<'_>) {
    if site.role != Role::Member {
        return;
    }
    let certificate = site.certificate;
    // Key stores have a rule of their own.
    if site.item.entry.is_some() {
        return;
    }
    match Validity::of(certificate, context.now) {
        Validity::Expired => expired(site, context.now, out),
        Validity::Valid if site.is_above_leaf() => outlived(site, out),
        _ => {}
    }
}

fn expired(site: &CertificateSite<'_>, now: i64, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let crossed = |crossing: Crossing<'_>| crossing.twin.position == site.position;
    if crossings(site.bundle, now).any(crossed) {
        return;
    }
    let (end, ago) = (Date(certificate.not_after), Span(now.saturating_sub(certificate.not_after)));
    let message = format!("{} of the chain expired on {end}, {ago} ago", Called(certificate));
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    // Clients that know a newer root find their way without it.
    if !site.is_above_leaf() || site.bundle.path().any(|member| is_public(member.certificate)) {
        finding.severity(Severity::Low);
    }
}

/// Reports a CA that ends before what it issued.
fn outlived(site: &CertificateSite<'_>, out: &mut Sink<'_>) {
    let pairs = site.bundle.path().zip(site.bundle.path().skip(1));
    let below = pairs.into_iter().find(|(_, issuer)| issuer.position == site.position);
    let Some((below, _)) = below else { return };
    let (end, later) = (site.certificate.not_after, below.certificate.not_after);
    // Both made on one day for the same time is as good as can be.
    if later.saturating_sub(end) < DAY {
        return;
    }
    let (called, child) = (Called(site.certificate), Called(below.certificate));
    let (end, later) = (Date(end), Date(later));
    let message =
        format!("{called} of the chain ends on {end}, before the {child}, which ends on {later}");
    let finding = out.report(site.item.place, message).evidence(evidence(site.certificate));
    finding.severity(Severity::Medium).related(
        &site.bundle.file.source,
        below.item.place,
        "what it issued",
    );
}

use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::{Certificate, StoreEntry};

use crate::date::{Date, Span};
use crate::names::{Called, evidence};
use crate::stores::Entry;
use crate::validity::{Validity, WINDOW, window};
use crate::{Check, Role, StoreSite};

rule! {
    /// What lies in a key store is out of sight: `openssl x509` does not show it, monitoring that
    /// reads PEM does not either, and the first sign of an expired certificate is a service that no
    /// client talks to. Certificates of Java's stores are readable without the password; PKCS#12 is
    /// opened where its password is one that everybody knows.
    ///
    /// A certificate that is presented is judged from 30 days before its end on, or from the last
    /// third of a shorter life; one that is trusted when it has expired, and more mildly. It is fine
    /// where the expiry is what is tested.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {names: [shop.example.com], issuer: ca, not_before: -100d, not_after: -11d}
    /// soon: {names: [shop.example.com], issuer: ca, not_before: -80d, not_after: 10d}
    /// fresh: {names: [shop.example.com], issuer: ca}
    /// partner: {ca: true, common_name: Partner CA, not_before: -900d, not_after: -100d}
    /// expired: {store: {jks: [old, ca]}}
    /// ending: {store: {pkcs12: [soon, ca], password: changeit}}
    /// trust: {store: {jks: [], trusted: [ca, partner]}}
    /// sound: {store: {jks: [fresh, ca]}}
    /// ```
    /// ```binary bad file=deploy/shop.jks
    /// ${expired.jks}
    /// ^ certificate for `shop.example.com` in entry `shop` of JKS keystore `shop.jks` expired on 2026-11-20, 11 days ago
    /// ```
    /// ```binary bad file=deploy/shop.p12
    /// ${ending.p12}
    /// ^ certificate for `shop.example.com` in entry `shop` of PKCS#12 keystore `shop.p12` expires on 2026-12-11, in 10 days
    /// ```
    /// ```binary bad file=deploy/truststore.jks
    /// ${trust.jks}
    /// ^ CA certificate `Partner CA` in entry `partner` of JKS keystore `truststore.jks` expired on 2026-08-23, 100 days ago
    /// ```
    /// ```binary good file=deploy/shop.jks
    /// ${sound.jks}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-entry-expired",
        summary: "key store holds a certificate that has expired or soon will",
        remedy: "Renew the certificate and write the store again, or let cert-manager write it (`spec.keystores`); take out what is trusted no more.",
        severity: High,
        check: Check::Store(check),
        peers: &["x509-certificate-exporter"],
        security: true,
        cwe: &[298],
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/",
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5",
        ],
    }
}

/// A certificate that is out of date, or will be.
struct Found<'a> {
    severity: Severity,
    certificate: &'a Certificate,
    entry: &'a StoreEntry,
    /// "expired on 2026-11-20, 11 days ago".
    words: String,
}

fn check(site: &StoreSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let mut worst: Option<Found<'_>> = None;
    let mut more = 0_usize;
    for (each, entry) in site.certificates() {
        let certificate = each.certificate;
        let Some((severity, words)) = judge(certificate, each.role, context.now) else { continue };
        let is_worse = worst.as_ref().is_none_or(|worst| severity > worst.severity);
        more += usize::from(worst.is_some());
        if is_worse {
            worst = Some(Found { severity, certificate, entry, words });
        }
    }
    let Some(Found { severity, certificate, entry, words }) = worst else { return };
    let mut message = format!("{} in {} of {site} {words}", Called(certificate), Entry(entry));
    if more > 0 {
        message.push_str(&format!("; {more} more are out of date or will be soon"));
    }
    site.report(out, message).evidence(evidence(certificate)).severity(severity);
}

fn judge(certificate: &Certificate, role: Role, now: i64) -> Option<(Severity, String)> {
    let end = Date(certificate.not_after);
    match Validity::of(certificate, now) {
        Validity::Expired => {
            let ago = Span(now.saturating_sub(certificate.not_after));
            let severity = if role == Role::Trust { Severity::Low } else { Severity::High };
            Some((severity, format!("expired on {end}, {ago} ago")))
        }
        Validity::Valid if matches!(role, Role::Served | Role::Client) => {
            let left = certificate.not_after.saturating_sub(now);
            let soon = left < window(certificate, WINDOW);
            soon.then(|| (Severity::Medium, format!("expires on {end}, in {}", Span(left))))
        }
        _ => None,
    }
}

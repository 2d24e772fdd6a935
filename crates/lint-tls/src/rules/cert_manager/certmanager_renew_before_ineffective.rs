use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Length, Public, Request, issuers, public, requests, seconds};
use crate::date::{DAY, Date};

/// A certificate that is renewed more often than this, in seconds, runs into limits: Let's Encrypt
/// issues five a week for the same names.
const OFTEN: i64 = 7 * DAY;

rule! {
    /// cert-manager counts `renewBefore` from the end of the certificate that was really issued. An
    /// ACME CA decides itself how long that lives: if `renewBefore` is not less, cert-manager
    /// passes over it without a word and renews at two thirds of the life; if it is a little less,
    /// the certificate is renewed every few days, until the CA's rate limit stops that, and with it
    /// perhaps the renewal that counts. Let's Encrypt shortens lives from 90 to 64 days on
    /// 2027-02-10 and to 45 days on 2028-02-16, so that what was copied from old manuals turns
    /// from one into the other.
    ///
    /// Lives that are still to come are told with a lower severity.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   renewBefore: 1440h
    /// #              ^^^^^ `renewBefore` of Certificate `shop/web` is 60 days, but Let's Encrypt issues for 64 days from 2027-02-10 on: it is renewed every 4 days
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   renewBefore: 1440h
    /// #              ^^^^^ `renewBefore` of Certificate `shop/api` is 60 days, but Let's Encrypt issues for 45 days: cert-manager passes over it and renews 15 days before the end
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt-server}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt-server}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     profile: tlsserver
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   renewBefore: 720h
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   renewBefore: 1440h
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-renew-before-ineffective",
        summary: "time of renewal does not fit the life that the CA gives",
        remedy: "Leave `renewBefore` out, or set `renewBeforePercentage: 33`, which fits every life.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://letsencrypt.org/2025/12/02/from-90-to-45",
            "https://cert-manager.io/docs/usage/certificate/#renewal",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot).filter(|request| request.renew_before.is_some()) {
        if let Some(authority) = public(&request, &issuers(snapshot, &request)) {
            judge(&request, &authority, context.now, out);
        }
    }
}

fn judge(request: &Request<'_>, authority: &Public<'_>, now: i64, out: &mut SnapshotSink<'_>) {
    let Some((text, node)) = request.renew_before else { return };
    let (Some(before), Some(asked)) = (seconds(text), request.lifetime()) else { return };
    if before <= 0 || before >= asked {
        // `certmanager-renew-before-invalid` tells that.
        return;
    }
    let steps = authority.lifetimes();
    let current = steps.iter().rposition(|step| step.from <= now).unwrap_or_default();
    for step in steps.iter().skip(current) {
        let lifetime = step.days.saturating_mul(DAY);
        let what = if before >= lifetime {
            let instead = Length(lifetime / 3);
            format!("cert-manager passes over it and renews {instead} before the end")
        } else if lifetime - before < OFTEN && lifetime > OFTEN {
            format!("it is renewed every {}", Length(lifetime - before))
        } else {
            continue;
        };
        let later = step.from > now;
        let when = if later { format!(" from {} on", Date(step.from)) } else { String::new() };
        let message = format!(
            "`renewBefore` of {} is {}, but {} issues for {}{when}: {what}",
            request.object.view.display(),
            Length(before),
            authority.name(),
            Length(lifetime),
        );
        let finding = request.report(out, node.span(), message).field("spec.renewBefore");
        if let Some((issuer, span)) = authority.place {
            finding.related(issuer.source(), span, "the CA that decides how long");
        }
        if later {
            finding.severity(Severity::Low);
        }
        if authority.guessed {
            finding.confidence(Confidence::Medium);
        }
        return;
    }
}

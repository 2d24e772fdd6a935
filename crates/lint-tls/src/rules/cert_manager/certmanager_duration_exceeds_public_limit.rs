use careen_model::{Context, Pki, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{IssuerKind, Length, issuers, public, requests, seconds};
use crate::date::DAY;
use crate::dates::dates;

rule! {
    /// Public CAs may not issue server certificates for longer than 200 days since 2026-03-15, for
    /// 100 days from 2027-03-15 and for 47 days from 2029-03-15. A CA that is asked for more refuses
    /// the order, or issues for less, so that what the manifest says is not what is served. Browsers
    /// refuse anything longer, whoever issued it.
    ///
    /// A private CA is free to issue for longer; with `--profile public-pki` its certificates are
    /// held to these limits as well.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 8760h
    /// #           ^^^^^ `duration` of Certificate `shop/web` is 365 days, but a public CA may issue for 200 days at most
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: google}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: google}
    /// spec:
    ///   acme:
    ///     server: https://dv.acme-v02.api.pki.goog/directory
    ///     enableDurationFeature: true
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 8760h
    ///   dnsNames: [web.shop.svc]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: internal}
    /// spec:
    ///   ca: {secretName: ca}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-duration-exceeds-public-limit",
        summary: "duration is over what a public CA may issue",
        remedy: "Leave `duration` out, or set it to what the CA issues.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["kyverno:cert-manager/limit-duration"],
        controls: &[control::TLS_VALID],
        references: &["https://cabforum.org/2025/04/11/ballot-sc081v3-introduce-schedule-of-reducing-validity-and-data-reuse-periods/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let Some(limit) = dates().public_lifetime(context.now) else { return };
    let limit = limit.saturating_mul(DAY);
    for request in requests(snapshot).filter(|request| !request.is_ca) {
        let Some((text, node)) = request.duration else { continue };
        let Some(asked) = seconds(text).filter(|asked| *asked > limit) else { continue };
        let candidates = issuers(snapshot, &request);
        let authority = public(&request, &candidates);
        let signs = |kind| matches!(kind, IssuerKind::Ca | IssuerKind::Vault | IssuerKind::Venafi);
        let told = context.pki == Pki::Public
            && !candidates.is_empty()
            && candidates.iter().all(|issuer| signs(issuer.kind()));
        if (authority.is_none() && !told) || context.pki == Pki::Private {
            continue;
        }
        let message = format!(
            "`duration` of {} is {}, but a public CA may issue for {} at most",
            request.object.view.display(),
            Length(asked),
            Length(limit)
        );
        let finding = request.report(out, node.span(), message).field("spec.duration");
        if authority.is_some_and(|authority| authority.guessed) {
            finding.confidence(Confidence::Medium);
        }
    }
}

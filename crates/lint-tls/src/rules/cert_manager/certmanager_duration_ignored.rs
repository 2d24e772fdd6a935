use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Issuer, Length, issuers, public, requests, seconds};
use crate::date::DAY;
use crate::dates::dates;

rule! {
    /// An ACME CA decides itself how long a certificate lives. cert-manager does not even pass
    /// `duration` on, unless the issuer sets `enableDurationFeature`, and few CAs take it then
    /// (Let's Encrypt does not: it refuses the order). What the manifest says is not what is served,
    /// and people plan by it.
    ///
    /// It is fine to write down the life that the CA gives at present: that is not told.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 720h
    /// #           ^^^^ `duration` of Certificate `shop/web` is 30 days, which ClusterIssuer `letsencrypt` does not ask its CA for
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 2160h
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   duration: 24h
    ///   dnsNames: [api.shop.svc]
    ///   issuerRef: {kind: ClusterIssuer, name: step}
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
    /// metadata: {name: step}
    /// spec:
    ///   acme:
    ///     server: https://step-ca.pki.svc/acme/acme/directory
    ///     enableDurationFeature: true
    ///     privateKeySecretRef: {name: step-account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-duration-ignored",
        summary: "duration is not passed on to the ACME CA",
        remedy: "Leave `duration` out; where the CA takes it, set `enableDurationFeature` in the issuer.",
        severity: Low,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/reference/api-docs/#acme.cert-manager.io/v1.ACMEIssuer"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let limit = dates().public_lifetime(context.now).map_or(i64::MAX, |days| days * DAY);
    for request in requests(snapshot) {
        let Some((text, node)) = request.duration else { continue };
        let Some(asked) = seconds(text) else { continue };
        let candidates = issuers(snapshot, &request);
        let ignores =
            |issuer: &Issuer<'_>| issuer.acme().is_some_and(|acme| !acme.honours_duration());
        let Some(issuer) = candidates.first().filter(|_| candidates.iter().all(ignores)) else {
            continue;
        };
        if let Some(authority) = public(&request, &candidates) {
            let (server, profile) = (authority.server, authority.profile);
            let days = dates().acme_lifetime(server, profile, context.now);
            // What no public CA may issue is told by `certmanager-duration-exceeds-public-limit`.
            if days.is_some_and(|days| days * DAY == asked) || asked > limit {
                continue;
            }
        }
        let message = format!(
            "`duration` of {} is {}, which {} does not ask its CA for",
            request.object.view.display(),
            Length(asked),
            issuer.view().display()
        );
        request.report(out, node.span(), message).field("spec.duration");
    }
}

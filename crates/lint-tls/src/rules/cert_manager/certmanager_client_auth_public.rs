use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{issuers, public, requests};
use crate::date::Date;
use crate::dates::dates;

rule! {
    /// Public CAs give up certificates for clients: Let's Encrypt leaves `client auth` out since
    /// 2026-02-11, others follow, because Chrome refuses public certificates that are issued with it
    /// from 2027-03-15 on. The request is not refused: the certificate comes without, and mutual
    /// TLS fails at its next renewal.
    ///
    /// It is fine where the usage was copied and nobody presents the certificate as a client; then
    /// it can go.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   usages:
    ///   - server auth
    ///   - client auth
    /// #   ^^^^^^^^^^^ Certificate `shop/web` asks for `client auth`, which Let's Encrypt does not give since 2026-02-11
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   usages:
    ///   - server auth
    ///   - client auth
    /// #   ^^^^^^^^^^^ Certificate `shop/api` asks for `client auth`, with which Chrome refuses public certificates issued from 2027-03-15 on
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: google}
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
    /// metadata: {name: google}
    /// spec:
    ///   acme:
    ///     server: https://dv.acme-v02.api.pki.goog/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   usages: [server auth, client auth]
    ///   dnsNames: [web.shop.svc]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-client-auth-public",
        summary: "certificate for clients is requested from a public CA",
        remedy: "Take `client auth` out, and request certificates for clients from a CA of your own.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://letsencrypt.org/2025/05/14/ending-tls-client-authentication"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        let Some((_, node)) = request.usage("client auth") else { continue };
        let Some(authority) = public(&request, &issuers(snapshot, &request)) else { continue };
        let dates = &dates().client_auth;
        let dropped = dates.dropped.iter().find(|(known, _)| authority.server.contains(*known));
        let dropped = dropped.map(|(_, day)| day.0).filter(|day| *day <= context.now);
        let by = request.object.view.display();
        let message = match dropped {
            Some(day) => format!(
                "{by} asks for `client auth`, which {} does not give since {}",
                authority.name(),
                Date(day)
            ),
            None => format!(
                "{by} asks for `client auth`, with which Chrome refuses public certificates issued from {} on",
                Date(dates.refused.0)
            ),
        };
        let finding = request.report(out, node.span(), message).field("spec.usages");
        if dropped.is_none() && context.now < dates.refused.0 {
            finding.severity(Severity::Low);
        }
        if authority.guessed {
            finding.confidence(Confidence::Medium);
        }
    }
}

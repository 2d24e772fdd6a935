use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Issuer, Request, Text, issuers, requests, says_test};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// The staging systems of ACME CAs are there to try a setup without running into rate limits.
    /// They sign with roots that no browser or system trusts, so every client refuses what they
    /// issue. The issuer is meant to be exchanged before production and is often forgotten.
    ///
    /// It is fine for tests: where the path, the namespace, the object or all of its hosts are
    /// called after one (`staging`, `dev`, `qa`), nothing is told.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: letsencrypt
    /// #                                   ^^^^^^^^^^^ Ingress `shop/web` has its certificate for `shop.example.com` from ClusterIssuer `letsencrypt`, a staging CA that nobody trusts
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-staging-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef:
    ///     kind: ClusterIssuer
    ///     name: letsencrypt-staging
    /// #         ^^^^^^^^^^^^^^^^^^^ Certificate `shop/web` has its certificate for `shop.example.com` from ClusterIssuer `letsencrypt-staging`, a staging CA by its name
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop-qa}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [qa.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt-staging}
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
    pub(crate) static RULE: Check = {
        id: "certmanager-acme-staging",
        summary: "certificate of a production host comes from a staging CA",
        remedy: "Name an issuer that uses the production directory of the CA.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://letsencrypt.org/docs/staging-environment/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        let Some(reference) = request.issuer else { continue };
        let candidates = issuers(snapshot, &request);
        let staging = |issuer: &Issuer<'_>| issuer.acme().is_some_and(|acme| acme.is_staging());
        let known = !candidates.is_empty() && candidates.iter().all(staging);
        let named =
            candidates.is_empty() && reference.is_own() && is_called_staging(reference.name.0);
        if !(known || named) || is_test(&request) {
            continue;
        }
        let production = |(host, _): &&Text<'_>| is_plain(host) && !says_test(host);
        let Some((host, _)) = request.dns_names.iter().find(production) else { continue };
        let what = if known { "that nobody trusts" } else { "by its name" };
        let message = format!(
            "{} has its certificate for `{}` from {reference}, a staging CA {what}",
            request.object.view.display(),
            Shown(host)
        );
        let finding = request
            .report(out, reference.name.1.span(), message)
            .field("spec.issuerRef")
            .evidence(*host);
        if let Some(issuer) = candidates.first() {
            let server = issuer.acme().and_then(|acme| acme.server());
            let span = server.map_or(issuer.view().name_span(), |(_, node)| node.span());
            finding.related(issuer.object.source(), span, "the staging directory");
        } else {
            finding.confidence(Confidence::Medium);
        }
    }
}

/// Whether an issuer that stands elsewhere says by its name that it is Let's Encrypt's staging.
fn is_called_staging(name: &str) -> bool {
    ["staging", "stage", "stg"].iter().any(|word| name.contains(word))
        && (name.starts_with("le-")
            || ["letsencrypt", "lets-encrypt", "acme"].iter().any(|word| name.contains(word)))
}

fn is_test(request: &Request<'_>) -> bool {
    let view = request.object.view;
    says_test(request.object.source().path())
        || says_test(view.namespace().unwrap_or_default())
        || says_test(view.name())
}

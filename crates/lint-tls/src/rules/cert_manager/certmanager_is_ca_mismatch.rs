use std::collections::BTreeMap;

use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{
    Issuer, Request, Served, all_issuers, cluster_namespaces, issuers, requests,
};
use crate::names::Shown;

/// Most issuers with one Secret that are looked at.
const NAMESAKES: usize = 64;

rule! {
    /// A CA issuer signs with the certificate in its Secret. If that is not marked as a CA, every
    /// verifier refuses what it issues. The other way round, a server whose certificate is a CA can
    /// sign certificates for any host in the eyes of those who trust it: who takes the server takes
    /// the PKI. Many clients refuse a CA as a server's certificate at once.
    ///
    /// It is fine to serve a CA's own certificate for tests.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: ca, namespace: shop}
    /// spec:
    ///   secretName: shop-ca
    /// #             ^^^^^^^ Certificate `shop/ca` is not marked `isCA`, but Issuer `shop/internal` signs with it
    ///   commonName: Shop CA
    ///   issuerRef: {name: selfsigned}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: shop}
    /// spec:
    ///   ca: {secretName: shop-ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   isCA: true
    /// #       ^^^^ Certificate `shop/web` is marked `isCA`, but Ingress `shop/web` serves it for `shop.example.com`
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: ca, namespace: shop}
    /// spec:
    ///   secretName: shop-ca
    ///   isCA: true
    ///   commonName: Shop CA
    ///   issuerRef: {name: selfsigned}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: shop}
    /// spec:
    ///   ca: {secretName: shop-ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-is-ca-mismatch",
        summary: "CA is requested for a server, or something else for a CA",
        remedy: "Set `isCA: true` on the Certificate of a CA and nowhere else.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/configuration/ca/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut signs: BTreeMap<&str, Vec<Issuer<'_>>> = BTreeMap::new();
    for issuer in all_issuers(snapshot) {
        if let Some((secret, _)) = issuer.ca_secret() {
            signs.entry(secret).or_default().push(issuer);
        }
    }
    let mut served = None;
    let mut cluster = None;
    for request in requests(snapshot) {
        if request.is_ca {
            let served = served.get_or_insert_with(|| Served::of(snapshot));
            authority_is_served(&request, served, out);
            continue;
        }
        let Some(issuers) = request.secret.and_then(|(name, _)| signs.get(name)) else { continue };
        let cluster = cluster.get_or_insert_with(|| cluster_namespaces(snapshot));
        let namespace = request.namespace();
        let uses = |issuer: &&Issuer<'_>| {
            if issuer.is_cluster_wide() {
                namespace.is_none_or(|namespace| cluster.contains(namespace))
            } else {
                namespaces_agree(issuer.namespace(), namespace)
            }
        };
        let issuer = issuers.iter().take(NAMESAKES).find(uses);
        // One that the issuer itself issues is told by `certmanager-secret-collides-with-issuer`.
        if let Some(issuer) = issuer.filter(|issuer| !issues(snapshot, issuer, &request)) {
            leaf_signs(&request, issuer, out);
        }
    }
}

fn issues(snapshot: &Snapshot, issuer: &Issuer<'_>, request: &Request<'_>) -> bool {
    let is = |candidate: &Issuer<'_>| {
        std::ptr::eq(candidate.object.file, issuer.object.file)
            && candidate.object.index == issuer.object.index
    };
    issuers(snapshot, request).iter().any(is)
}

fn authority_is_served(request: &Request<'_>, served: &Served<'_>, out: &mut SnapshotSink<'_>) {
    let Some(endpoint) = served.with(request).next() else { return };
    let Some(node) = request.object.view.at(&["spec", "isCA"]) else { return };
    let message = format!(
        "{} is marked `isCA`, but {} serves it for `{}`",
        request.object.view.display(),
        endpoint.object.view.display(),
        Shown(endpoint.host)
    );
    request.report(out, node.span(), message).field("spec.isCA").related(
        endpoint.object.source(),
        endpoint.secret.node.span(),
        "served here",
    );
}

fn leaf_signs(request: &Request<'_>, issuer: &Issuer<'_>, out: &mut SnapshotSink<'_>) {
    let Some((_, node)) = request.secret else { return };
    let message = format!(
        "{} is not marked `isCA`, but {} signs with it",
        request.object.view.display(),
        issuer.view().display()
    );
    let finding = request.report(out, node.span(), message).field("spec.isCA").related(
        issuer.object.source(),
        issuer.view().name_span(),
        "the issuer",
    );
    if issuer.is_cluster_wide() && request.namespace().is_none() {
        finding.confidence(Confidence::Medium);
    }
}

use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{IssuerKind, Served, issuers, requests};
use crate::names::Shown;

rule! {
    /// A certificate from a SelfSigned issuer vouches for itself: no client trusts it, unless it is
    /// given exactly this certificate, and again after each renewal. Behind an Ingress or a Gateway
    /// that means a warning in every browser, and clients that are told not to verify.
    ///
    /// It is fine to begin a CA of your own with a SelfSigned issuer (`isCA: true`), and for the
    /// certificates of webhooks, whose `caBundle` cert-manager's cainjector keeps up to date.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: selfsigned, namespace: shop}
    /// spec:
    ///   selfSigned: {}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef:
    ///     name: selfsigned
    /// #         ^^^^^^^^^^ Certificate `shop/web` is self-signed by Issuer `shop/selfsigned`, and Ingress `shop/web` serves it for `shop.example.com`
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
    /// kind: Issuer
    /// metadata: {name: selfsigned, namespace: shop}
    /// spec:
    ///   selfSigned: {}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: webhook, namespace: shop}
    /// spec:
    ///   secretName: webhook-tls
    ///   dnsNames: [webhook.shop.svc]
    ///   issuerRef: {name: selfsigned}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-self-signed-leaf",
        summary: "self-signed certificate is served to the outside",
        remedy: "Have it issued by a CA: an ACME issuer for public hosts, or a CA issuer that your clients trust.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/configuration/selfsigned/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut served = None;
    for request in requests(snapshot).filter(|request| !request.is_ca) {
        let candidates = issuers(snapshot, &request);
        let self_signed = candidates.iter().all(|each| each.kind() == IssuerKind::SelfSigned);
        let (Some(issuer), Some(reference), true) =
            (candidates.first(), request.issuer, self_signed)
        else {
            continue;
        };
        let served = served.get_or_insert_with(|| Served::of(snapshot));
        let Some(endpoint) = served.with(&request).next() else { continue };
        let message = format!(
            "{} is self-signed by {}, and {} serves it for `{}`",
            request.object.view.display(),
            issuer.view().display(),
            endpoint.object.view.display(),
            Shown(endpoint.host)
        );
        request
            .report(out, reference.name.1.span(), message)
            .field("spec.issuerRef")
            .evidence(reference.name.0)
            .related(endpoint.object.source(), endpoint.secret.node.span(), "served here");
    }
}

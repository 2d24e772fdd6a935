use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{IssuerKind, Served, issuers, public, requests};
use crate::names::Shown;

/// Usages that say what for (extended key usages), besides those of servers.
const PURPOSES: &[&str] = &[
    "client auth",
    "code signing",
    "email protection",
    "s/mime",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "timestamping",
    "ocsp signing",
];

rule! {
    /// Once a certificate says what it is for, it is for nothing else. With `client auth` and
    /// without `server auth` every client refuses it from a server: Go says `certificate specifies
    /// an incompatible key usage`. Without any purpose in the list, the certificate is good for all.
    ///
    /// It is fine for certificates that only clients present. ACME CAs do not look at the list and
    /// are left out.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   usages:
    ///   - digital signature
    ///   - client auth
    /// #   ^^^^^^^^^^^ Certificate `shop/web` is for `client auth` and not for `server auth`, but Ingress `shop/web` serves it for `shop.example.com`
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
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   usages: [digital signature, key encipherment]
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: client, namespace: shop}
    /// spec:
    ///   secretName: client-tls
    ///   usages: [client auth]
    ///   commonName: client
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-usages-missing-server-auth",
        summary: "certificate of a server is requested without the usage for servers",
        remedy: "Add `server auth` to `usages`.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/",
            "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut served = None;
    for request in requests(snapshot) {
        let purpose = request.usages.iter().find(|(usage, _)| PURPOSES.contains(usage));
        let Some(&(purpose, node)) = purpose else { continue };
        if request.usage("server auth").or_else(|| request.usage("any")).is_some() {
            continue;
        }
        let candidates = issuers(snapshot, &request);
        if public(&request, &candidates).is_some()
            || candidates.iter().any(|issuer| issuer.kind() == IssuerKind::Acme)
        {
            continue;
        }
        let served = served.get_or_insert_with(|| Served::of(snapshot));
        let Some(endpoint) = served.with(&request).next() else { continue };
        let message = format!(
            "{} is for `{purpose}` and not for `server auth`, but {} serves it for `{}`",
            request.object.view.display(),
            endpoint.object.view.display(),
            Shown(endpoint.host)
        );
        request.report(out, node.span(), message).field("spec.usages").related(
            endpoint.object.source(),
            endpoint.secret.node.span(),
            "served here",
        );
    }
}

use std::collections::BTreeMap;

use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::cert_manager::{Issuer, Request, all_issuers, cluster_namespaces, issuers, requests};
use crate::ingress::is_plain;
use crate::names::Shown;

/// Most issuers with one Secret that are looked at.
const NAMESAKES: usize = 64;

rule! {
    /// An ACME issuer keeps the key of its account in a Secret, a CA issuer its certificate and key.
    /// A Certificate that writes its own key to the Secret of that name destroys the other: the
    /// account is lost or the server's key is replaced by the account's, or the CA is overwritten
    /// by a certificate that it issued, and then nothing can be issued any more.
    ///
    /// It is never fine. That the Certificate of a CA (`isCA: true`) writes the Secret from which a
    /// CA issuer signs is how a CA is begun, and is not told. A ClusterIssuer keeps its Secrets in
    /// cert-manager's own namespace.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: letsencrypt, namespace: shop}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: web-tls}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    /// #             ^^^^^^^ Secret `web-tls` of Certificate `shop/web` is also where Issuer `shop/letsencrypt` keeps the key of its account
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: letsencrypt}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: shop}
    /// spec:
    ///   ca: {secretName: internal-ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: internal-ca
    /// #             ^^^^^^^^^^^ Secret `internal-ca` of Certificate `shop/web` is also where Issuer `shop/internal` keeps the CA that issues it
    ///   dnsNames: [web.shop.svc]
    ///   issuerRef: {name: internal}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: web-tls}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-secret-collides-with-issuer",
        summary: "certificate is written to the Secret of an issuer",
        remedy: "Give the Certificate and the issuer a Secret of their own each.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/configuration/acme/#private-keys"],
    }
}

/// A Secret in which an issuer keeps something.
struct Kept<'a> {
    issuer: Issuer<'a>,
    node: Node<'a>,
    /// Whether it is the key of an ACME account, else a CA.
    account: bool,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut kept: BTreeMap<&str, Vec<Kept<'_>>> = BTreeMap::new();
    for issuer in all_issuers(snapshot) {
        if let Some((name, node)) = issuer.acme().and_then(|acme| acme.account_secret()) {
            kept.entry(name).or_default().push(Kept { issuer, node, account: true });
        }
        if let Some((name, node)) = issuer.ca_secret() {
            kept.entry(name).or_default().push(Kept { issuer, node, account: false });
        }
    }
    if kept.is_empty() {
        return;
    }
    let cluster = cluster_namespaces(snapshot);
    for request in requests(snapshot) {
        let Some((name, _)) = request.secret.filter(|(name, _)| is_plain(name)) else { continue };
        let namespace = request.namespace();
        let collides = |kept: &&Kept<'_>| {
            let there = if kept.issuer.is_cluster_wide() {
                namespace.is_none_or(|namespace| cluster.contains(namespace))
            } else {
                namespaces_agree(kept.issuer.namespace(), namespace)
            };
            there && (kept.account || is_issued_by(snapshot, &request, &kept.issuer))
        };
        if let Some(kept) = kept.get(name).into_iter().flatten().take(NAMESAKES).find(collides) {
            tell(&request, kept, out);
        }
    }
}

fn is_issued_by(snapshot: &Snapshot, request: &Request<'_>, issuer: &Issuer<'_>) -> bool {
    let is = |candidate: &Issuer<'_>| {
        std::ptr::eq(candidate.object.file, issuer.object.file)
            && candidate.object.index == issuer.object.index
    };
    issuers(snapshot, request).iter().any(is)
}

fn tell(request: &Request<'_>, kept: &Kept<'_>, out: &mut SnapshotSink<'_>) {
    let Some((name, node)) = request.secret else { return };
    let what = if kept.account { "the key of its account" } else { "the CA that issues it" };
    let message = format!(
        "Secret `{}` of {} is also where {} keeps {what}",
        Shown(name),
        request.object.view.display(),
        kept.issuer.view().display()
    );
    let finding = request
        .report(out, node.span(), message)
        .field("spec.secretName")
        .evidence(name)
        .related(kept.issuer.object.source(), kept.node.span(), "the issuer's Secret");
    // Where the Certificate goes is not known: most likely not to cert-manager's own namespace.
    if kept.issuer.is_cluster_wide() && request.namespace().is_none() {
        finding.confidence(Confidence::Low);
    }
}

use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{ISSUERS, Issuer, all_issuers, requests};
use crate::ingress::is_plain;

rule! {
    /// cert-manager waits for the issuer without end: the Certificate stays `False`, its Secret is
    /// never written, and the ingress controller serves its own certificate. Mostly the issuer was
    /// renamed, or the annotation was copied from another cluster.
    ///
    /// Issuers often live in another repository, with the installation of cert-manager. So this is
    /// only told where the repository defines issuers of that kind, and for an Issuer, in that
    /// namespace. Issuers of other groups than cert-manager's own are not looked for.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef:
    ///     kind: ClusterIssuer
    ///     name: letsencrypt
    /// #         ^^^^^^^^^^^ ClusterIssuer `letsencrypt` of Certificate `shop/web` is not defined in the repository, which defines other issuers of that kind
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt-prod}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: letsencrypt-prod}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt-prod}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml good
    /// # Issuers are defined elsewhere.
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: letsencrypt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-issuer-missing",
        summary: "issuer that a certificate is requested from is not defined",
        remedy: "Name an issuer that exists, or define the missing one.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/concepts/issuer/",
            "https://cert-manager.io/docs/troubleshooting/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let defined: Vec<_> = all_issuers(snapshot).collect();
    if defined.is_empty() {
        return;
    }
    for request in requests(snapshot) {
        let Some(reference) = request.issuer.filter(|each| each.is_own() && each.is_plain()) else {
            continue;
        };
        let (name, node) = reference.name;
        // One of that name of the wrong kind or in another namespace is told by
        // `certmanager-issuer-wrong-scope`.
        let named = |kind: &&str| snapshot.named(kind, None, name).any(|each| is_issuer(each));
        if !ISSUERS.contains(&reference.kind) || ISSUERS.iter().any(named) {
            continue;
        }
        let namespace = request.namespace();
        let alike = |issuer: &&Issuer<'_>| {
            let view = issuer.view();
            view.kind() == reference.kind
                && (issuer.is_cluster_wide() || namespaces_agree(issuer.namespace(), namespace))
        };
        let mut alike = defined.iter().filter(alike).peekable();
        if alike.peek().is_some() && alike.all(|issuer| is_plain(issuer.view().name())) {
            let message = format!(
                "{reference} of {} is not defined in the repository, which defines other issuers of that kind",
                request.object.view.display()
            );
            request.report(out, node.span(), message).field("spec.issuerRef").evidence(name);
        }
    }
}

fn is_issuer(object: careen_model::ObjectRef<'_>) -> bool {
    Issuer::of(object).is_some()
}

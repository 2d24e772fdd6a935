use careen_model::{Bundle, Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::cert_manager::{Issuer, all_issuers, cluster_namespaces};
use crate::date::Date;
use crate::names::{Called, Shown, evidence};
use crate::served::{Served, served};
use crate::validity::Validity;

rule! {
    /// A CA issuer signs with what stands in its Secret. With a certificate that is no CA, that has
    /// expired, or whose key is another's, it issues certificates that nobody accepts, or none at
    /// all. A `caBundle` with no usable CA keeps cert-manager from speaking to its server: every
    /// order fails with `certificate signed by unknown authority`.
    ///
    /// It is fine where the Secret in the repository is a stand-in that is replaced in the cluster.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {ca: true, common_name: Old CA, not_before: -900d, not_after: -100d}
    /// leaf: {names: [step.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: step}
    /// spec:
    ///   acme:
    ///     server: https://step.example.com/acme/acme/directory
    ///     caBundle: ${leaf.crt|base64}
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `caBundle` of ClusterIssuer `step` holds the certificate for `step.example.com`, which is no CA
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: shop}
    /// spec:
    ///   ca:
    ///     secretName: shop-ca
    /// #               ^^^^^^^ Issuer `shop/internal` signs with the CA certificate `Old CA` in Secret `shop/shop-ca`, which expired on 2026-08-23
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-ca, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${old.crt|base64}
    ///   tls.key: ${old.key|base64}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: blog}
    /// spec:
    ///   ca:
    ///     secretName: blog-ca
    /// #               ^^^^^^^ Issuer `blog/internal` signs with the certificate for `step.example.com` in Secret `blog/blog-ca`, which is no CA
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: blog-ca, namespace: blog}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: docs}
    /// spec:
    ///   ca:
    ///     secretName: docs-ca
    /// #               ^^^^^^^ Issuer `docs/internal` signs with the CA certificate `Shop CA` in Secret `docs/docs-ca`, whose key is another's
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: docs-ca, namespace: docs}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${ca.crt|base64}
    ///   tls.key: ${old.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: step}
    /// spec:
    ///   acme:
    ///     server: https://step.example.com/acme/acme/directory
    ///     caBundle: ${ca.crt|base64}
    ///     privateKeySecretRef: {name: account}
    ///     solvers: [{http01: {ingress: {ingressClassName: nginx}}}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: internal, namespace: shop}
    /// spec:
    ///   ca: {secretName: shop-ca}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: shop-ca, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${ca.crt|base64}
    ///   tls.key: ${ca.key|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-issuer-ca-bundle-invalid",
        summary: "issuer signs with or trusts a certificate that is no valid CA",
        remedy: "Put a valid CA certificate there, with the key that belongs to it.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/configuration/ca/",
            "https://cert-manager.io/docs/configuration/acme/#private-acme-servers",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut cluster = None;
    for issuer in all_issuers(snapshot) {
        for (path, bundle) in issuer.object.values() {
            if path.ends_with("caBundle") {
                trusts(&issuer, bundle, context.now, out);
            }
        }
        let Some((name, _)) = issuer.ca_secret() else { continue };
        if issuer.is_cluster_wide() {
            let cluster = cluster.get_or_insert_with(|| cluster_namespaces(snapshot));
            for namespace in cluster.iter() {
                for secret in served(snapshot, Some(namespace), name) {
                    signs(&issuer, &secret, context.now, out);
                }
            }
        } else {
            for secret in served(snapshot, issuer.view().namespace(), name) {
                signs(&issuer, &secret, context.now, out);
            }
        }
    }
}

/// A bundle is of no use if none of its certificates is. A single expired one among others is told
/// by `trust-bundle-expired-ca`.
fn trusts(issuer: &Issuer<'_>, bundle: &Bundle, now: i64, out: &mut SnapshotSink<'_>) {
    // A server's own certificate is its own anchor, if nobody else issued it.
    let anchor = |certificate: &Certificate| certificate.self_signed && !certificate.is_ca();
    let fault = |certificate: &Certificate| {
        if anchor(certificate) { None } else { fault(certificate, now) }
    };
    let mut faults = bundle.certificates().map(|(item, each)| (item, each, fault(each)));
    let Some((item, first, Some(what))) = faults.next() else { return };
    if faults.any(|(_, _, fault)| fault.is_none()) {
        return;
    }
    let by = issuer.view().display();
    let message = format!("`caBundle` of {by} holds the {}, {what}", Called(first));
    out.report(issuer.object.source(), item.place, message)
        .object(issuer.object.path())
        .evidence(evidence(first));
}

fn signs(issuer: &Issuer<'_>, secret: &Served<'_>, now: i64, out: &mut SnapshotSink<'_>) {
    let Some((name, node)) = issuer.ca_secret() else { return };
    let certificate = secret.certificate;
    let keys = secret.secret.bundle("tls.key");
    let mut keys = keys
        .into_iter()
        .flat_map(Bundle::private_keys)
        .filter_map(|(_, key)| key.key.as_ref())
        .peekable();
    let foreign =
        keys.peek().is_some() && keys.all(|key| key.spki_sha256 != certificate.key.spki_sha256);
    let what =
        fault(certificate, now).or_else(|| foreign.then(|| "whose key is another's".to_owned()));
    let Some(what) = what else { return };
    let message = format!(
        "{} signs with the {} in {}, {what}",
        issuer.view().display(),
        Called(certificate),
        secret.secret.view.display()
    );
    out.report(issuer.object.source(), node.span(), message)
        .object(issuer.object.path())
        .field("spec.ca.secretName")
        .evidence(Shown(name).to_string())
        .related(secret.secret.source(), secret.item.place, "the certificate");
}

fn fault(certificate: &Certificate, now: i64) -> Option<String> {
    if !certificate.is_ca() {
        return Some("which is no CA".to_owned());
    }
    let expired = Validity::of(certificate, now) == Validity::Expired;
    expired.then(|| format!("which expired on {}", Date(certificate.not_after)))
}

use careen_kube_model::Secret;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Request, requests};
use crate::ingress::is_plain;

/// Most Secrets of one name that are looked at.
const NAMESAKES: usize = 64;

rule! {
    /// cert-manager writes the renewed certificate to the Secret, and the next `kubectl apply` or
    /// GitOps sync puts back the copy from the repository: first the certificate flips between the
    /// two, and one day the copy has expired. The copy is a private key in a repository as well.
    ///
    /// It is fine where the two never meet in one cluster, such as a fixed Secret for development
    /// beside a Certificate for production; in different folders that is told with a low
    /// confidence.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// #                ^^^^^^^ Secret `shop/web-tls` stands in the repository and is written by cert-manager for Certificate `shop/web`
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: blog}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ---
    /// # Only labels: what cert-manager writes stays.
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop, labels: {app: web}}
    /// type: kubernetes.io/tls
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-secret-also-committed",
        summary: "Secret of a certificate is managed by cert-manager and by the repository",
        remedy: "Take the Secret out of the repository, and have its key revoked if the certificate was public.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/usage/certificate/#target-secret"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        let Some((name, _)) = request.secret.filter(|(name, _)| is_plain(name)) else { continue };
        let namespace = request.namespace();
        let written = snapshot.named("Secret", namespace, name).take(NAMESAKES);
        let written = written.filter(is_written);
        if let Some(secret) = written.min_by_key(|secret| folder(secret) != folder(&request.object))
        {
            tell(&request, secret, out);
        }
    }
}

/// Whether a Secret says what stands under a key that cert-manager writes.
fn is_written(object: &ObjectRef<'_>) -> bool {
    let Some(secret) = Secret::of(object.view) else { return false };
    let keys = ["tls.crt", "tls.key", "ca.crt"];
    secret.distinct_entries().any(|entry| keys.contains(&entry.key))
}

fn tell(request: &Request<'_>, secret: ObjectRef<'_>, out: &mut SnapshotSink<'_>) {
    let message = format!(
        "{} stands in the repository and is written by cert-manager for {}",
        secret.view.display(),
        request.object.view.display()
    );
    let finding = out
        .report(secret.source(), secret.view.name_span(), message)
        .object(secret.path())
        .evidence(request.object.view.name())
        .related(request.object.source(), request.span(), "what cert-manager writes");
    let namespaces = (secret.view.namespace(), request.namespace());
    if folder(&secret) != folder(&request.object) {
        finding.confidence(Confidence::Low);
    } else if namespaces.0 != namespaces.1 {
        finding.confidence(Confidence::Medium);
    }
}

fn folder<'a>(object: &ObjectRef<'a>) -> &'a str {
    object.source().path().rsplit_once('/').map_or("", |(folder, _)| folder)
}

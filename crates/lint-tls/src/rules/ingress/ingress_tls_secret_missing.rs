use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::ingress::{TlsEntry, is_ingress, tls};
use crate::names::Shown;
use crate::provided::Provided;

rule! {
    /// A controller that does not find the Secret logs one line and serves its own certificate;
    /// ingress-nginx calls it "Kubernetes Ingress Controller Fake Certificate", and people find out
    /// by the browser's warning. Mostly the Secret was made by hand in one cluster and is missing
    /// in the next one, or its name was changed in one of two places.
    ///
    /// It is fine where something outside of the repository makes the Secret. A cert-manager
    /// Certificate or annotation, an ExternalSecret, a SealedSecret, a SecretProviderClass and
    /// kustomize's `secretGenerator` count as making it.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    /// #               ^^^^^^^ Secret `web-tls` of Ingress `shop/web` is made by nothing in the repository
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: letsencrypt, kind: ClusterIssuer}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-tls-secret-missing",
        summary: "Secret for the TLS of an Ingress is made by nothing in the repository",
        remedy: "Let cert-manager make the Secret by a Certificate or an annotation, or take it from a secret store.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/tls/",
            "https://cert-manager.io/docs/usage/ingress/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut provided = None;
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        for (name, node) in tls(ingress.view).filter_map(TlsEntry::secret) {
            let provided = provided.get_or_insert_with(|| Provided::of(snapshot));
            let namespace = ingress.view.namespace();
            // One that exists in another namespace is told by `ingress-tls-secret-wrong-namespace`.
            if provided.has(name, namespace) || provided.namespaces(name).next().is_some() {
                continue;
            }
            let message = format!(
                "Secret `{}` of {} is made by nothing in the repository",
                Shown(name),
                ingress.view.display()
            );
            out.report(ingress.source(), node.span(), message)
                .object(ingress.path())
                .field("spec.tls")
                .evidence(name);
        }
    }
}

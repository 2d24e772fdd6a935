use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::ingress::{TlsEntry, is_ingress, tls};
use crate::names::Shown;
use crate::provided::Provided;

rule! {
    /// An Ingress reads Secrets of its own namespace only. The Secret of this name that the
    /// repository has lies in another one, so the controller finds nothing and serves its own
    /// certificate.
    ///
    /// It is fine where a tool such as reflector copies the Secret; its annotations on the Secret
    /// are not looked at, so suppress the rule there.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    /// #               ^^^^^^^ Secret `web-tls` of Ingress `shop/web` is in namespace `default`
    ///   rules:
    ///   - host: shop.example.com
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: default}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
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
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-tls-secret-wrong-namespace",
        summary: "Secret for the TLS of an Ingress is in another namespace",
        remedy: "Put the Secret into the namespace of the Ingress.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut provided = None;
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        for (name, node) in tls(ingress.view).filter_map(TlsEntry::secret) {
            let provided = provided.get_or_insert_with(|| Provided::of(snapshot));
            if provided.has(name, ingress.view.namespace()) {
                continue;
            }
            let Some(secret) = snapshot.named("Secret", None, name).next() else { continue };
            let message = format!(
                "Secret `{}` of {} is in namespace `{}`",
                Shown(name),
                ingress.view.display(),
                Shown(secret.view.namespace().unwrap_or("default"))
            );
            out.report(ingress.source(), node.span(), message)
                .object(ingress.path())
                .field("spec.tls")
                .evidence(name)
                .related(secret.source(), secret.view.name_span(), "the Secret");
        }
    }
}

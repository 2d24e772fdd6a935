use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::ca_secret::{Authority, authority, reference};
use crate::ingress::is_ingress;
use crate::names::Shown;
use crate::setting::{annotation, is_on};

rule! {
    /// ingress-nginx is to verify the certificates of pods and has no CA to verify them with:
    /// `proxy-ssl-secret` is missing, or the Secret it names has no `ca.crt`. The controller then
    /// ignores all of its `proxy-ssl` annotations and verifies nothing, or answers with an error,
    /// depending on its release.
    ///
    /// It is fine where something in the cluster adds the `ca.crt` later.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [web.shop.svc], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/backend-protocol: HTTPS
    ///     nginx.ingress.kubernetes.io/proxy-ssl-verify: "on"
    /// #                                                 ^^^^ Ingress `shop/web` has its backend verified and names no `proxy-ssl-secret` with the CA
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/backend-protocol: HTTPS
    ///     nginx.ingress.kubernetes.io/proxy-ssl-verify: "on"
    ///     nginx.ingress.kubernetes.io/proxy-ssl-secret: shop/backend
    /// #                                                 ^^^^^^^^^^^^ Ingress `shop/api` has its backend verified by Secret `shop/backend`, which has no `ca.crt`
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: backend, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/backend-protocol: HTTPS
    ///     nginx.ingress.kubernetes.io/proxy-ssl-verify: "on"
    ///     nginx.ingress.kubernetes.io/proxy-ssl-secret: shop/backend
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: backend, namespace: shop}
    /// data:
    ///   ca.crt: ${ca.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-backend-ca-missing",
        summary: "ingress controller verifies its backend without a CA",
        remedy: "Name a Secret with the CA of the pods' certificates as `ca.crt` in `proxy-ssl-secret`, as `namespace/name`.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#backend-certificate-authentication",
        ],
    }
}

const PREFIX: &[&str] = &["nginx.ingress.kubernetes.io"];

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let view = ingress.view;
        let verify =
            annotation(view, PREFIX, "proxy-ssl-verify").filter(|label| is_on(label.value));
        let Some(verify) = verify else { continue };
        let who = view.display();
        let secret = view.annotations().get_node("nginx.ingress.kubernetes.io/proxy-ssl-secret");
        let (span, message) = if let Some(node) = secret {
            let Some(label) = annotation(view, PREFIX, "proxy-ssl-secret") else { continue };
            let (namespace, name) = reference(label.value.trim(), view.namespace());
            let Authority::NoKey(secret) = authority(snapshot, namespace, name, &["ca.crt"]) else {
                continue;
            };
            let secret = secret.view.display();
            (
                node.span(),
                format!("{who} has its backend verified by {secret}, which has no `ca.crt`"),
            )
        } else {
            let message = format!(
                "{who} has its backend verified and names no `proxy-ssl-secret` with the CA"
            );
            (verify.value_node.span(), message)
        };
        out.report(ingress.source(), span, message)
            .object(ingress.path())
            .field("metadata.annotations")
            .evidence(Shown(verify.key).to_string());
    }
}

use careen_kube_model::{ObjectView, field};
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::endpoints::items;
use crate::ingress::{TlsEntry, is_ingress, tls};
use crate::names::Shown;
use crate::setting::{ALL, annotation, is_on};

/// Annotations that ask for a look into requests, which passthrough does not take.
const LOOKS_INSIDE: &[&str] = &[
    "auth-realm",
    "auth-secret",
    "auth-signin",
    "auth-tls-secret",
    "auth-type",
    "auth-url",
    "enable-modsecurity",
    "limit-rpm",
    "limit-rps",
    "rewrite-target",
];

rule! {
    /// With passthrough the controller hands the connection to the pod unread and knows nothing
    /// but the host from the handshake. Whatever else the Ingress says has no effect: paths do not
    /// choose backends, authentication is not asked for, rewrites and limits do not happen, and
    /// the certificate of its Secret is never shown. Where authentication was meant, the pod is
    /// open to everybody.
    ///
    /// It is fine for a Secret that the pod itself mounts and cert-manager fills because of the
    /// Ingress; with cert-manager's annotation, nothing is said about the Secret.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/ssl-passthrough: "true"
    /// #                                                ^^^^^^ Ingress `shop/web` passes TLS through, so annotation `auth-url` has no effect
    ///     nginx.ingress.kubernetes.io/auth-url: https://auth.example.com
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     haproxy.org/ssl-passthrough: "true"
    /// #                                ^^^^^^ Ingress `shop/api` passes TLS through, so path `/v1` has no effect
    /// spec:
    ///   rules:
    ///   - host: api.example.com
    ///     http:
    ///       paths:
    ///       - {path: /v1, pathType: Prefix, backend: {service: {name: api, port: {number: 443}}}}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: db
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/ssl-passthrough: "true"
    /// #                                                ^^^^^^ Ingress `shop/db` passes TLS through, so Secret `db-tls` has no effect
    /// spec:
    ///   tls: [{hosts: [db.example.com], secretName: db-tls}]
    ///   rules: [{host: db.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: letsencrypt
    ///     nginx.ingress.kubernetes.io/ssl-passthrough: "true"
    ///     nginx.ingress.kubernetes.io/backend-protocol: HTTPS
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 443}}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-passthrough-with-termination",
        summary: "Ingress passes TLS through and sets what only termination can do",
        remedy: "Take out what has no effect, or end TLS at the controller.",
        severity: Medium,
        check: Check::Kind(&["Ingress"], check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#ssl-passthrough",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let passes = annotation(view, ALL, "ssl-passthrough").filter(|label| is_on(label.value));
    let Some(passes) = passes.filter(|_| is_ingress(view)) else { return };
    if let Some(what) = without_effect(view) {
        let message = format!("{} passes TLS through, so {what} has no effect", view.display());
        out.report(passes.value_node.span(), message).field("metadata.annotations");
    }
}

/// The most dangerous thing that has no effect.
fn without_effect(view: ObjectView<'_>) -> Option<String> {
    for name in LOOKS_INSIDE {
        if annotation(view, ALL, name).is_some_and(|label| !label.value.is_empty()) {
            return Some(format!("annotation `{name}`"));
        }
    }
    let mut paths = items(view, &["spec", "rules"])
        .filter_map(|rule| field(rule, "http").and_then(|http| field(http, "paths")))
        .flat_map(|paths| paths.items())
        .filter_map(|path| field(path, "path").and_then(|path| path.text()));
    if let Some(path) = paths.find(|path| !matches!(*path, "" | "/" | "/*")) {
        return Some(format!("path `{}`", Shown(path)));
    }
    let managed = view.annotations().iter().any(|label| label.key.starts_with("cert-manager.io/"));
    let (secret, _) = tls(view).find_map(TlsEntry::secret).filter(|_| !managed)?;
    Some(format!("Secret `{}`", Shown(secret)))
}

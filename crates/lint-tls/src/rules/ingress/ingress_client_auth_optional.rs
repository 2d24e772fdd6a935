use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::ingress::is_ingress;
use crate::names::Shown;
use crate::setting::{COMMUNITY, annotation, is_on};

rule! {
    /// Client certificates are set up and not asked for in earnest. With `optional`, who sends no
    /// certificate is let through; with `optional_no_ca`, any certificate is taken, also one that
    /// the client made itself; with `off`, none is asked for. What stands behind the host is open
    /// to everybody, though it looks as if it were not.
    ///
    /// It is fine where the application decides by the certificate it is passed; then this is
    /// only mentioned.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    ///     nginx.ingress.kubernetes.io/auth-tls-verify-client: optional_no_ca
    /// #                                                       ^^^^^^^^^^^^^^ Ingress `shop/web` takes any client certificate: `auth-tls-verify-client` is `optional_no_ca`
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    ///     nginx.ingress.kubernetes.io/auth-tls-verify-client: "off"
    /// #                                                       ^^^^^ Ingress `shop/api` asks for no client certificate: `auth-tls-verify-client` is `off`
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: k8s.nginx.org/v1
    /// kind: Policy
    /// metadata: {name: clients, namespace: shop}
    /// spec:
    ///   ingressMTLS: {clientCertSecret: clients, verifyClient: optional}
    /// #                                                        ^^^^^^^^ Policy `shop/clients` lets clients in without a certificate: `verifyClient` is `optional`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-secret: shop/clients
    ///     nginx.ingress.kubernetes.io/auth-tls-verify-client: "on"
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-tls-verify-client: "off"
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: k8s.nginx.org/v1
    /// kind: Policy
    /// metadata: {name: clients, namespace: shop}
    /// spec:
    ///   ingressMTLS: {clientCertSecret: clients}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-client-auth-optional",
        summary: "client certificates are set up and not required",
        remedy: "Set `auth-tls-verify-client` (`verifyClient`) to `on`, or take the setting for client certificates away.",
        severity: Medium,
        check: Check::Kind(&["Ingress", "Policy"], check),
        security: true,
        cwe: &[287],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#client-certificate-authentication",
            "https://docs.nginx.com/nginx-ingress-controller/configuration/policy-resource/#ingressmtls",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let (name, node) = if view.is("k8s.nginx.org", "Policy") {
        ("verifyClient", view.at(&["spec", "ingressMTLS", "verifyClient"]))
    } else if is_ingress(view) && annotation(view, COMMUNITY, "auth-tls-secret").is_some() {
        let label = annotation(view, COMMUNITY, "auth-tls-verify-client");
        ("auth-tls-verify-client", label.map(|label| label.value_node))
    } else {
        return;
    };
    let Some((node, value)) = node.and_then(|node| Some((node, node.text()?))) else { return };
    let what = match value.trim() {
        "off" => "asks for no client certificate",
        "optional" => "lets clients in without a certificate",
        "optional_no_ca" => "takes any client certificate",
        _ => return,
    };
    let message = format!("{} {what}: `{name}` is `{}`", view.display(), Shown(value.trim()));
    let finding = out.report(node.span(), message).evidence(value);
    let passed = annotation(view, COMMUNITY, "auth-tls-pass-certificate-to-upstream");
    if passed.is_some_and(|label| is_on(label.value)) {
        finding.severity(Severity::Low);
    }
}

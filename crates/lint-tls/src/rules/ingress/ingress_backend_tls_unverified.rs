use careen_kube_model::{Label, ObjectView};
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::ingress::is_ingress;
use crate::names::Shown;
use crate::setting::{COMMUNITY, annotation, is_on};

rule! {
    /// The controller speaks TLS with the pods and takes any certificate from them, which is what
    /// nginx and HAProxy do unless told otherwise. Who can answer in place of the pod, by DNS, a
    /// taken IP address or a Service that was changed, reads and changes everything; encryption
    /// without verification keeps out only who just listens.
    ///
    /// It is fine where the network between controller and pods is trusted and TLS is only there
    /// because the program insists on it. AWS and Google load balancers cannot verify their
    /// backends; they are not reported.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/backend-protocol: "HTTPS"
    /// #                                                 ^^^^^^^ Ingress `shop/web` has the controller speak TLS with its backend without verifying it
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     haproxy.org/server-ssl: "true"
    /// #                           ^^^^^^ Ingress `shop/api` has the controller speak TLS with its backend without verifying it
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: k8s.nginx.org/v1
    /// kind: Policy
    /// metadata: {name: upstream, namespace: shop}
    /// spec:
    ///   egressMTLS:
    /// # ^^^^^^^^^^ Policy `shop/upstream` has the controller speak TLS with its backend without verifying it
    ///     tlsSecret: client
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/backend-protocol: "GRPCS"
    ///     nginx.ingress.kubernetes.io/proxy-ssl-verify: "on"
    ///     nginx.ingress.kubernetes.io/proxy-ssl-secret: shop/backend-ca
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     haproxy.org/server-ssl: "true"
    ///     haproxy.org/server-ca: shop/backend-ca
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: through
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/backend-protocol: HTTPS
    ///     nginx.ingress.kubernetes.io/ssl-passthrough: "true"
    /// spec:
    ///   rules: [{host: through.example.com}]
    /// ---
    /// apiVersion: k8s.nginx.org/v1
    /// kind: Policy
    /// metadata: {name: upstream, namespace: shop}
    /// spec:
    ///   egressMTLS: {tlsSecret: client, verifyServer: true, trustedCertSecret: backend-ca}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-backend-tls-unverified",
        summary: "ingress controller does not verify its backend",
        remedy: "Turn verification on and name the Secret with the CA of the pods' certificates: `proxy-ssl-verify: \"on\"` and `proxy-ssl-secret` for ingress-nginx.",
        severity: Medium,
        check: Check::Kind(&["Ingress", "Policy"], check),
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#backend-certificate-authentication",
            "https://docs.nginx.com/nginx-ingress-controller/configuration/policy-resource/#egressmtls",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let span = if view.is("k8s.nginx.org", "Policy") {
        let Some(entry) = view.spec().and_then(|spec| spec.entry("egressMTLS")) else { return };
        let verifies = entry.value.get("verifyServer").and_then(|node| node.as_bool());
        if verifies == Some(true) {
            return;
        }
        entry.key.span()
    } else if is_ingress(view) {
        let Some(label) = speaks_tls(view) else { return };
        let passes = annotation(view, COMMUNITY, "ssl-passthrough");
        if passes.is_some_and(|label| is_on(label.value)) || verifies(view) {
            return;
        }
        label.value_node.span()
    } else {
        return;
    };
    let message = format!(
        "{} has the controller speak TLS with its backend without verifying it",
        view.display()
    );
    out.report(span, message).evidence(Shown(view.kind()).to_string());
}

/// The annotation that says that pods speak TLS.
fn speaks_tls<'a>(view: ObjectView<'a>) -> Option<Label<'a>> {
    let tls = |label: &Label<'a>| {
        let words = ["HTTPS", "GRPCS", "h1-ssl", "h2-ssl"];
        words.iter().any(|word| label.value.trim().eq_ignore_ascii_case(word))
    };
    annotation(view, COMMUNITY, "backend-protocol").filter(tls).or_else(|| {
        let on = |label: &Label<'a>| is_on(label.value);
        let services = annotation(view, &["nginx.org"], "ssl-services");
        annotation(view, COMMUNITY, "secure-backends")
            .filter(on)
            .or_else(|| annotation(view, &["haproxy.org"], "server-ssl").filter(on))
            .or_else(|| services.filter(|label| !label.value.is_empty()))
    })
}

/// Whether any annotation has pods verified, be it by a variable.
fn verifies(view: ObjectView<'_>) -> bool {
    view.annotations().iter().any(|label| {
        let name = label.key.rsplit('/').next().unwrap_or_default();
        match name {
            "proxy-ssl-verify" => !label.value.eq_ignore_ascii_case("off"),
            "server-ca" | "secure-verify-ca-secret" => !label.value.is_empty(),
            _ => name.contains("-snippet") && label.value.contains("proxy_ssl_verify"),
        }
    })
}

use careen_kube_model::{Label, ObjectView};
use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::ingress::{ends_elsewhere, is_ingress, tls};
use crate::names::Shown;
use crate::setting::{ALL, annotation, is_off, is_on, is_variable};

rule! {
    /// The host has TLS and is served over plain HTTP as well, without a redirect. Who types its
    /// name or follows an old link stays on HTTP, and what is sent there, cookies and passwords
    /// included, can be read and changed on the way. An attacker on the network keeps everybody
    /// there.
    ///
    /// It is fine where a load balancer in front ends TLS and redirects by itself, since there the
    /// controller sees plain HTTP only, and for clients that cannot follow redirects. An Ingress
    /// without any TLS is told by `ingress-tls-missing`.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/ssl-redirect: "false"
    /// #                                             ^^^^^^^ Ingress `shop/web` has TLS and serves plain HTTP too: `nginx.ingress.kubernetes.io/ssl-redirect` is `false`
    /// spec:
    ///   tls:
    ///   - {hosts: [shop.example.com], secretName: web-tls}
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
    /// #                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop/api` has TLS and serves plain HTTP too: `alb.ingress.kubernetes.io/listen-ports` has HTTP, and there is no `ssl-redirect`
    /// spec:
    ///   ingressClassName: alb
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: cloud
    ///   namespace: shop
    ///   annotations:
    ///     kubernetes.io/ingress.allow-http: "true"
    /// #                                     ^^^^^^ Ingress `shop/cloud` has TLS and serves plain HTTP too: `kubernetes.io/ingress.allow-http` is `true`
    ///     networking.gke.io/managed-certificates: cloud
    /// spec:
    ///   rules: [{host: cloud.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   ssl-redirect: "false"
    /// #               ^^^^^^^ ConfigMap `edge/ingress-nginx-controller` has the controller serve plain HTTP where there is TLS: `ssl-redirect` is `false`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/ssl-redirect: "false"
    ///     nginx.ingress.kubernetes.io/force-ssl-redirect: "true"
    /// spec:
    ///   tls:
    ///   - {hosts: [shop.example.com], secretName: web-tls}
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
    ///     alb.ingress.kubernetes.io/ssl-redirect: "443"
    /// spec:
    ///   ingressClassName: alb
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   ssl-redirect: "false"
    ///   use-forwarded-headers: "true"
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-ssl-redirect-disabled",
        summary: "host with TLS is served over plain HTTP too",
        remedy: "Turn the redirect to HTTPS on, or do not listen on plain HTTP.",
        severity: Medium,
        check: Check::Kind(&["Ingress", "ConfigMap"], check),
        peers: &["gatekeeper:httpsonly"],
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect",
            "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ssl-redirect",
            "https://cloud.google.com/kubernetes-engine/docs/concepts/ingress-xlb#disabling_http",
        ],
    }
}

const LISTEN: &str = "alb.ingress.kubernetes.io/listen-ports";
const ALLOW_HTTP: &str = "kubernetes.io/ingress.allow-http";

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if view.is("", "ConfigMap") {
        of_controller(view, out);
        return;
    }
    if !is_ingress(view) || (tls(view).next().is_none() && !ends_elsewhere(view)) {
        return;
    }
    let (label, why) = if let Some(label) = says_no(view) {
        (label, format!("is `{}`", Shown(label.value)))
    } else if let Some(label) = listens(view) {
        (label, "has HTTP, and there is no `ssl-redirect`".to_owned())
    } else {
        return;
    };
    let message = format!(
        "{} has TLS and serves plain HTTP too: `{}` {why}",
        view.display(),
        Shown(label.key)
    );
    out.report(label.value_node.span(), message).field("metadata.annotations");
}

/// The annotation that turns the redirect off.
fn says_no<'a>(view: ObjectView<'a>) -> Option<Label<'a>> {
    let forced =
        annotation(view, ALL, "force-ssl-redirect").is_some_and(|label| is_on(label.value));
    let off = |label: &Label<'a>| is_off(label.value) && !forced;
    annotation(view, ALL, "ssl-redirect")
        .or_else(|| annotation(view, &["appgw.ingress.kubernetes.io"], "ssl-redirect"))
        .filter(off)
        .or_else(|| {
            // The redirect of GKE is a field of a FrontendConfig.
            let redirects =
                view.annotations().iter().any(|label| label.key.ends_with(".FrontendConfig"));
            let allows = |label: &Label<'_>| label.key == ALLOW_HTTP && is_on(label.value);
            view.annotations().iter().find(allows).filter(|_| !redirects)
        })
}

/// The ports of an AWS load balancer that has both and does not redirect.
fn listens<'a>(view: ObjectView<'a>) -> Option<Label<'a>> {
    let annotations = view.annotations();
    let redirects = annotations.iter().any(|label| {
        let Some(name) = label.key.strip_prefix("alb.ingress.kubernetes.io/") else { return false };
        // Members of a group may redirect for all.
        matches!(name, "ssl-redirect" | "group.name")
            || (name.starts_with("actions.") && label.value.contains("redirect"))
    });
    let ports = annotations.iter().find(|label| label.key == LISTEN)?;
    let value = ports.value;
    let both = value.contains("\"HTTP\"") && value.contains("\"HTTPS\"");
    (both && !redirects && !is_variable(value)).then_some(ports)
}

/// The setting for all Ingresses of a controller.
fn of_controller(view: ObjectView<'_>, out: &mut Sink<'_>) {
    let Some(data) = view.at(&["data"]) else { return };
    let text = |name: &str| data.get(name).and_then(|node| node.text());
    // Who trusts such headers stands behind a load balancer that ends TLS.
    let behind = ["use-forwarded-headers", "use-proxy-protocol", "proxy-protocol"];
    if behind.iter().any(|name| text(name).is_some_and(is_on)) {
        return;
    }
    let Some(node) = data.get("ssl-redirect").filter(|node| node.text().is_some_and(is_off)) else {
        return;
    };
    let message = format!(
        "{} has the controller serve plain HTTP where there is TLS: `ssl-redirect` is `false`",
        view.display()
    );
    out.report(node.span(), message).field("data").severity(Severity::Low);
}

use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::ingress::{ends_elsewhere, is_ingress, tls};

rule! {
    /// Without `spec.tls` the controller answers over plain HTTP: passwords, cookies and tokens can
    /// be read and changed by everybody on the way, and browsers mark the page as not secure.
    ///
    /// It is fine where TLS ends before the cluster, at a load balancer of the cloud or a
    /// wildcard certificate of the controller; annotations that say so are understood, for the
    /// rest suppress the rule. Ingresses inside a cluster still carry what is worth reading.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// #       ^^^ Ingress `shop/web` has no TLS
    ///   namespace: shop
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: letsencrypt}
    /// spec:
    ///   tls:
    ///   - {hosts: [shop.example.com], secretName: web-tls}
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-tls-missing",
        summary: "Ingress has no TLS",
        remedy: "Name the hosts and a Secret with their certificate under `spec.tls`; cert-manager can fill the Secret.",
        severity: Medium,
        check: Check::Kind(&["Ingress"], check),
        aliases: &["ingress-no-tls"],
        peers: &[
            "polaris:tlsSettingsMissing",
            "kubescape:C-0263",
            "kubescape:ingress-no-tls",
            "kyverno:require-ingress-https",
            "gatekeeper:httpsonly",
        ],
        confidence: Confidence::High,
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if !is_ingress(view) || tls(view).next().is_some() {
        return;
    }
    let serves = ["rules", "defaultBackend", "backend"]
        .iter()
        .any(|field| view.at(&["spec", field]).is_some());
    if serves && !ends_elsewhere(view) {
        out.report(view.name_span(), format!("{} has no TLS", view.display())).field("spec.tls");
    }
}

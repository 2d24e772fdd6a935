use std::collections::BTreeSet;

use careen_kube_model::{Label, field};
use careen_model::{Context, ObjectRef};
use careen_rule::{Finding, Severity, Sink, control, rule};

use crate::Check;
use crate::cert_manager::{is_shimmed, shimmed};
use crate::endpoints::{items, named};
use crate::ingress::is_ingress;
use crate::names::Shown;

const ISSUER: &str = "cert-manager.io/issuer";
const CLUSTER_ISSUER: &str = "cert-manager.io/cluster-issuer";

rule! {
    /// cert-manager makes Certificates of annotations only on an Ingress and on a Gateway of the
    /// Gateway API, and only for entries of `spec.tls` with hosts and a Secret. It passes over
    /// everything else without a word, or with an event that nobody reads: annotations of before
    /// 0.11 (`certmanager.k8s.io`), an Issuer and a ClusterIssuer at once, a Secret that two entries
    /// name, objects of Traefik, Contour and Istio. The host is then served with the controller's
    /// own certificate.
    ///
    /// kube-lego's `kubernetes.io/tls-acme` works where the installation has a default issuer, so
    /// it is told with a low severity.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     certmanager.k8s.io/cluster-issuer: letsencrypt
    /// #                                      ^^^^^^^^^^^ annotation `certmanager.k8s.io/cluster-issuer` of Ingress `shop/web` has no effect since cert-manager 0.11
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: letsencrypt
    /// #                                   ^^^^^^^^^^^ annotation `cert-manager.io/cluster-issuer` of Ingress `shop/api` has no effect: there is no `spec.tls`
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: job
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/issuer: internal
    ///     cert-manager.io/cluster-issuer: letsencrypt
    /// #                                   ^^^^^^^^^^^ annotation `cert-manager.io/cluster-issuer` of Ingress `shop/job` has no effect: it stands beside `cert-manager.io/issuer`
    /// spec:
    ///   tls: [{hosts: [job.example.com], secretName: job-tls}]
    ///   rules: [{host: job.example.com}]
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata:
    ///   name: blog
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: letsencrypt
    /// #                                   ^^^^^^^^^^^ annotation `cert-manager.io/cluster-issuer` of IngressRoute `shop/blog` has no effect: cert-manager does not read objects of this kind
    /// spec:
    ///   routes: [{match: Host(`blog.example.com`), kind: Rule}]
    ///   tls: {secretName: blog-tls}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/cluster-issuer: letsencrypt}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   - hosts: [api.example.com]
    ///     secretName: web-tls
    /// #               ^^^^^^^ two entries of `spec.tls` of Ingress `shop/web` name Secret `web-tls`, so cert-manager makes no certificate for this Ingress
    ///   - secretName: job-tls
    /// #   ^^^^^^^^^^^^^^^^^^^ entry of `spec.tls` of Ingress `shop/web` gets no certificate: it has no `hosts`
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: letsencrypt
    /// #                                   ^^^^^^^^^^^ annotation `cert-manager.io/cluster-issuer` of Gateway `shop/web` has no effect: no listener for HTTPS has a hostname and a Secret of its namespace
    /// spec:
    ///   gatewayClassName: envoy
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     kubernetes.io/tls-acme: "true"
    /// #                           ^^^^^^ annotation `kubernetes.io/tls-acme` of Ingress `shop/web` names no issuer, and works only where cert-manager has a default one
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     kubernetes.io/tls-acme: "true"
    ///     cert-manager.io/cluster-issuer: letsencrypt
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {cert-manager.io/issuer: internal}
    /// spec:
    ///   gatewayClassName: envoy
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     hostname: shop.example.com
    ///     tls: {certificateRefs: [{name: web-tls}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-annotation-ineffective",
        summary: "annotation for cert-manager has no effect",
        remedy: "Annotate an Ingress or Gateway with one issuer, and give each entry hosts and a Secret of its own; for other kinds write a Certificate.",
        severity: Medium,
        check: Check::Kind(
            &["Gateway", "HTTPProxy", "Ingress", "IngressRoute", "ListenerSet"],
            check
        ),
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/ingress/",
            "https://cert-manager.io/docs/usage/gateway/",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let mut issuer: Option<Label<'_>> = None;
    let mut second = None;
    let mut legacy = None;
    let mut lego = None;
    for each in view.annotations().iter().filter(|each| !each.value.is_empty()) {
        match each.key {
            ISSUER | CLUSTER_ISSUER if issuer.is_none() => issuer = Some(each),
            ISSUER | CLUSTER_ISSUER => second = Some(each),
            "kubernetes.io/tls-acme" if each.value == "true" => lego = Some(each),
            key if key.starts_with("certmanager.k8s.io/") => legacy = legacy.or(Some(each)),
            _ => {}
        }
    }
    match (issuer, legacy, lego) {
        (Some(first), ..) if !is_shimmed(view) => {
            tell(
                object,
                first,
                "has no effect: cert-manager does not read objects of this kind",
                out,
            );
        }
        (Some(first), ..) => {
            if let Some(second) = second {
                let what = format!("has no effect: it stands beside `{}`", first.key);
                tell(object, second, &what, out);
            } else if is_ingress(view) {
                ingress(object, first, out);
            } else if shimmed(object).is_empty() {
                let what = "has no effect: no listener for HTTPS has a hostname and a Secret of its namespace";
                tell(object, first, what, out);
            }
        }
        (None, Some(legacy), _) => {
            tell(object, legacy, "has no effect since cert-manager 0.11", out);
        }
        (None, None, Some(lego)) if is_ingress(view) => {
            let what = "names no issuer, and works only where cert-manager has a default one";
            tell(object, lego, what, out).severity(Severity::Low);
        }
        (None, None, _) => {}
    }
}

fn tell<'o>(
    object: ObjectRef<'_>,
    annotation: Label<'_>,
    what: &str,
    out: &'o mut Sink<'_>,
) -> &'o mut Finding {
    let message =
        format!("annotation `{}` of {} {what}", Shown(annotation.key), object.view.display());
    out.report(annotation.value_node.span(), message).field("metadata.annotations")
}

/// The entries of an Ingress that get no certificate.
fn ingress(object: ObjectRef<'_>, annotation: Label<'_>, out: &mut Sink<'_>) {
    let by = object.view.display();
    let mut secrets = BTreeSet::new();
    let mut any = object.view.at(&["spec", "tls"]).is_some_and(|tls| tls.text().is_some());
    for entry in items(object.view, &["spec", "tls"]) {
        any = true;
        let hosts = field(entry, "hosts");
        let hosts =
            hosts.is_some_and(|node| node.text().is_some() || node.items().next().is_some());
        let secret = named(entry, &["secretName"]);
        let lacks = match (hosts, secret) {
            (true, Some((name, node))) => {
                if !secrets.insert(name) {
                    let name = Shown(name);
                    let message = format!(
                        "two entries of `spec.tls` of {by} name Secret `{name}`, so cert-manager makes no certificate for this Ingress"
                    );
                    out.report(node.span(), message).field("spec.tls").severity(Severity::High);
                }
                continue;
            }
            (false, Some(_)) => "no `hosts`",
            (true, None) => "no `secretName`",
            (false, None) => "no `hosts` and no `secretName`",
        };
        let message = format!("entry of `spec.tls` of {by} gets no certificate: it has {lacks}");
        out.report(entry.span(), message).field("spec.tls");
    }
    if !any {
        tell(object, annotation, "has no effect: there is no `spec.tls`", out);
    }
}

use std::collections::BTreeMap;

use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::endpoints::{Endpoint, of_object};
use crate::ingress::{class, is_ingress};
use crate::names::Shown;

rule! {
    /// Two Ingresses serve one host with different Secrets. A host has one certificate for a
    /// client, so one of the two is not used, and which one depends on the controller:
    /// ingress-nginx takes that of the older Ingress, which changes when it is created anew. The
    /// certificate that is looked after may be the other one, so that the host goes down though a
    /// fresh certificate lies in the cluster. With cert-manager both are renewed, for nothing.
    ///
    /// It is fine where different controllers serve the two; Ingresses whose classes differ are
    /// not compared, nor are variants of one Ingress in several overlays.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: api-tls
    /// #               ^^^^^^^ host `shop.example.com` has Secret `api-tls` in Ingress `shop/api` and Secret `web-tls` in Ingress `shop/web`
    ///   rules: [{host: shop.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ingressClassName: public
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   ingressClassName: public
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: web-tls
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: inside, namespace: shop}
    /// spec:
    ///   ingressClassName: internal
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///     secretName: inside-tls
    ///   rules: [{host: shop.example.com}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-duplicate-host-secret",
        summary: "one host has different Secrets in several Ingresses",
        remedy: "Name one Secret for the host in all of its Ingresses, or put the host into one Ingress.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/how-it-works/#building-the-nginx-model",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut hosts: BTreeMap<(String, Option<&str>), Vec<Endpoint<'_>>> = BTreeMap::new();
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        for endpoint in of_object(ingress) {
            let place = (endpoint.host.to_ascii_lowercase(), class(ingress.view));
            hosts.entry(place).or_default().push(endpoint);
        }
    }
    for endpoints in hosts.values() {
        // All are compared with the first: enough to tell, and not quadratic for hostile input.
        let Some((first, others)) = endpoints.split_first() else { continue };
        for other in others.iter().filter(|other| clash(first, other)) {
            tell(first, other, out);
        }
    }
}

fn clash(a: &Endpoint<'_>, b: &Endpoint<'_>) -> bool {
    let (one, other) = (a.object.view, b.object.view);
    let same_object =
        one.name() == other.name() && namespaces_agree(one.namespace(), other.namespace());
    let same_secret =
        a.secret.name == b.secret.name && namespaces_agree(a.secret.namespace, b.secret.namespace);
    !same_object && !same_secret
}

fn tell(first: &Endpoint<'_>, other: &Endpoint<'_>, out: &mut SnapshotSink<'_>) {
    let message = format!(
        "host `{}` has Secret `{}` in {} and Secret `{}` in {}",
        Shown(other.host),
        Shown(other.secret.name),
        other.object.view.display(),
        Shown(first.secret.name),
        first.object.view.display()
    );
    out.report(other.object.source(), other.secret.node.span(), message)
        .object(other.object.path())
        .field("spec.tls")
        .evidence(other.host)
        .related(first.object.source(), first.secret.node.span(), "the other Secret");
}

use careen_kube_model::field;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::endpoints::{items, named};
use crate::ingress::is_plain;
use crate::names::Shown;
use crate::provided::Provided;
use crate::traefik::{is_traefik, routers};

rule! {
    /// The router or store names a Secret that nothing in the repository makes, or TLS options
    /// that do not exist. Without the Secret Traefik serves its self-signed default certificate;
    /// with unknown options it drops the router, and the host answers 404.
    ///
    /// It is fine where something outside of the repository makes the Secret. A Secret of that name
    /// in another namespace does not help: Traefik looks beside the object. Options are looked for
    /// only where the repository has any.
    ///
    /// ```yaml bad
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   routes:
    ///   - match: Host(`shop.example.com`)
    ///     kind: Rule
    ///     services: [{name: web, port: 80}]
    ///   tls:
    ///     secretName: web-tls
    /// #               ^^^^^^^ Secret `web-tls` of IngressRoute `shop/web` is made by nothing in the repository
    ///     options:
    ///       name: modern
    /// #           ^^^^^^ TLSOption `modern` of IngressRoute `shop/web` is not in namespace `shop`
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: modern, namespace: edge}
    /// spec: {minVersion: VersionTLS13}
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSStore
    /// metadata: {name: default, namespace: edge}
    /// spec:
    ///   defaultCertificate:
    ///     secretName: wildcard
    /// #               ^^^^^^^^ Secret `wildcard` of TLSStore `edge/default` is in namespace `certificates`
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: wildcard, namespace: certificates}
    /// ```
    /// ```yaml good
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   routes:
    ///   - match: Host(`shop.example.com`)
    ///     kind: Rule
    ///     services: [{name: web, port: 80}]
    ///   tls:
    ///     secretName: web-tls
    ///     options: {name: modern, namespace: edge}
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: modern, namespace: edge}
    /// spec: {minVersion: VersionTLS13}
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
        id: "traefik-tls-secret-missing",
        summary: "Traefik's object names a Secret or TLS options that do not exist",
        remedy: "Make the Secret or TLSOption in the namespace where it is looked for, or correct the name.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &[
            "https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/",
            "https://doc.traefik.io/traefik/https/tls/#tls-options",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for (object, tls) in routers(snapshot) {
        if let Some((name, node)) = named(tls, &["secretName"]) {
            secret(snapshot, object, name, node, out);
        }
        options(snapshot, object, tls, out);
    }
    for store in snapshot.of_kind("TLSStore").filter(|store| is_traefik(store.view)) {
        let default = store.view.at(&["spec", "defaultCertificate"]);
        let all = default.into_iter().chain(items(store.view, &["spec", "certificates"]));
        for (name, node) in all.filter_map(|each| named(each, &["secretName"])) {
            secret(snapshot, store, name, node, out);
        }
    }
}

fn secret(
    snapshot: &Snapshot,
    object: ObjectRef<'_>,
    name: &str,
    node: Node<'_>,
    out: &mut SnapshotSink<'_>,
) {
    let provided = Provided::of(snapshot);
    if !is_plain(name) || provided.has(name, object.view.namespace()) {
        return;
    }
    let elsewhere = snapshot.named("Secret", None, name).next();
    let place = elsewhere.and_then(|secret| secret.view.namespace());
    let what = place.map_or_else(
        || "is made by nothing in the repository".to_owned(),
        |place| format!("is in namespace `{}`", Shown(place)),
    );
    let message = format!("Secret `{}` of {} {what}", Shown(name), object.view.display());
    let finding = out.report(object.source(), node.span(), message);
    finding.object(object.path()).evidence(name);
    if place.is_none() {
        finding.severity(Severity::Low);
    }
}

fn options(snapshot: &Snapshot, object: ObjectRef<'_>, tls: Node<'_>, out: &mut SnapshotSink<'_>) {
    let Some(options) = field(tls, "options") else { return };
    let Some((name, node)) = named(options, &["name"]) else { return };
    // `default` is there without an object; `name@file` comes from a file.
    if !is_plain(name) || name == "default" {
        return;
    }

    let namespace = named(options, &["namespace"]).map(|(namespace, _)| namespace);
    let namespace = namespace.or(object.view.namespace());
    let any = snapshot.of_kind("TLSOption").any(|option| is_traefik(option.view));
    if !any || snapshot.named("TLSOption", namespace, name).any(|option| is_traefik(option.view)) {
        return;
    }
    let place = match namespace {
        Some(namespace) => format!("namespace `{}`", Shown(namespace)),
        None => "the repository".to_owned(),
    };
    let who = object.view.display();
    let message = format!("TLSOption `{}` of {who} is not in {place}", Shown(name));
    out.report(object.source(), node.span(), message)
        .object(object.path())
        .field("spec.tls.options")
        .evidence(name);
}

use careen_kube_model::field;
use careen_model::{Bundle, Context, ObjectRef, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::endpoints::named;
use crate::ingress::is_plain;
use crate::names::{Hosts, Name, Shown, evidence};

/// Annotations by which a Service gets a certificate of the CA that the router trusts anyway.
const SERVING: &[&str] = &[
    "service.beta.openshift.io/serving-cert-secret-name",
    "service.alpha.openshift.io/serving-cert-secret-name",
];

rule! {
    /// What stands in the Route does not fit together: the certificate does not cover the host, so
    /// clients hang up; the key belongs to another certificate, so the router refuses the Route
    /// (`ExtendedValidationFailed`) and the host answers nothing; or TLS is to go on to the pods
    /// (`reencrypt`) without a `destinationCACertificate`, so that the router trusts only
    /// OpenShift's own CA for services, of which the Service asks no certificate.
    ///
    /// It is fine as a placeholder that is replaced before it is applied.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [www.example.com], issuer: ca}
    /// other: {names: [api.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: shop.example.com
    /// #       ^^^^^^^^^^^^^^^^ host `shop.example.com` of Route `shop/web` is not covered by its certificate, which covers `www.example.com`
    ///   to: {kind: Service, name: web}
    ///   tls:
    ///     termination: edge
    ///     certificate: |
    ///       ${leaf.crt}
    ///     key: |
    ///       ${leaf.key}
    /// ---
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   host: api.example.com
    ///   to: {kind: Service, name: api}
    ///   tls:
    ///     termination: edge
    ///     certificate: |
    ///       ${other.crt}
    ///     key: |
    /// #   ^^^ private key of Route `shop/api` does not belong to its certificate for `api.example.com`
    ///       ${leaf.key}
    /// ---
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   host: db.example.com
    ///   to: {kind: Service, name: db}
    ///   tls: {termination: reencrypt}
    /// #                    ^^^^^^^^^ Route `shop/db` has TLS go on to Service `db` without a `destinationCACertificate`
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: db, namespace: shop}
    /// spec: {ports: [{port: 443}]}
    /// ```
    /// ```yaml good
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: www.example.com
    ///   to: {kind: Service, name: web}
    ///   tls:
    ///     termination: reencrypt
    ///     certificate: |
    ///       ${leaf.crt}
    ///     key: |
    ///       ${leaf.key}
    ///     destinationCACertificate: |
    ///       ${ca.crt}
    /// ---
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   host: db.example.com
    ///   to: {kind: Service, name: db}
    ///   tls: {termination: reencrypt}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: db
    ///   namespace: shop
    ///   annotations: {service.beta.openshift.io/serving-cert-secret-name: db-tls}
    /// spec: {ports: [{port: 443}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "route-certificate-host-mismatch",
        summary: "certificate, key and host of a Route do not fit together",
        remedy: "Put the certificate of the host and its own key into the Route, and for `reencrypt` the CA of the pods' certificates.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/networking/configuring-routes",
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let routes = snapshot.of_kind("Route");
    for route in routes.filter(|route| route.view.group() == "route.openshift.io") {
        host(route, out);
        key(route, out);
        onward(snapshot, route, out);
    }
}

fn value<'a>(route: ObjectRef<'a>, path: &str) -> Option<&'a Bundle> {
    route.values().find(|(each, _)| *each == path).map(|(_, bundle)| bundle)
}

fn host(route: ObjectRef<'_>, out: &mut SnapshotSink<'_>) {
    let Some((host, node)) = named(route.view.root(), &["spec", "host"]) else { return };
    let Some(bundle) = value(route, "spec.tls.certificate") else { return };
    let Some((item, certificate)) = bundle.certificates().next() else { return };
    if !is_plain(host) || certificate.covers_host(host) {
        return;
    }
    let message = format!(
        "host `{}` of {} is not covered by its certificate, which covers {}",
        Shown(host),
        route.view.display(),
        Hosts(certificate)
    );
    out.report(route.source(), node.span(), message)
        .object(route.path())
        .field("spec.host")
        .evidence(evidence(certificate))
        .related(route.source(), item.place, "the certificate");
}

fn key(route: ObjectRef<'_>, out: &mut SnapshotSink<'_>) {
    let pair = value(route, "spec.tls.certificate").zip(value(route, "spec.tls.key"));
    let Some((certificates, keys)) = pair else { return };
    let (Some((_, certificate)), Some((_, key))) =
        (certificates.certificates().next(), keys.private_keys().next())
    else {
        return;
    };
    let Some(facts) = &key.key else { return };
    if facts.spki_sha256 == certificate.key.spki_sha256 {
        return;
    }
    let Some(entry) = route.view.at(&["spec", "tls"]).and_then(|tls| tls.entry("key")) else {
        return;
    };
    let message = format!(
        "private key of {} does not belong to its certificate for `{}`",
        route.view.display(),
        Name(certificate)
    );
    out.report(route.source(), entry.key.span(), message)
        .object(route.path())
        .field("spec.tls.key")
        .evidence(evidence(certificate))
        .secret(entry.value.span());
}

/// TLS that goes on to a Service of the repository whose certificate the router cannot know.
fn onward(snapshot: &Snapshot, route: ObjectRef<'_>, out: &mut SnapshotSink<'_>) {
    let Some(tls) = route.view.at(&["spec", "tls"]) else { return };
    let termination = named(tls, &["termination"]).filter(|(kind, _)| *kind == "reencrypt");
    let Some((_, node)) = termination else { return };
    let Some((name, _)) = named(route.view.root(), &["spec", "to", "name"]) else { return };
    if field(tls, "destinationCACertificate").is_some() {
        return;
    }
    let mut services = snapshot.named("Service", route.view.namespace(), name).peekable();
    let serving =
        |service: ObjectRef<'_>| SERVING.iter().any(|name| service.view.annotations().has(name));
    if services.peek().is_none() || services.any(serving) {
        return;
    }
    let message = format!(
        "{} has TLS go on to Service `{}` without a `destinationCACertificate`",
        route.view.display(),
        Shown(name)
    );
    out.report(route.source(), node.span(), message)
        .object(route.path())
        .field("spec.tls")
        .evidence(name)
        .severity(Severity::Medium);
}

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::ingress::is_plain;
use crate::names::Hosts;
use crate::served::{Served, show};
use crate::webhooks::mounted;

rule! {
    /// Clients in the cluster call a Service by its name: `orders`, `orders.shop`,
    /// `orders.shop.svc` or with the cluster's domain behind it. If the certificate that its pods
    /// present has none of these names, they cannot verify it, and sooner or later somebody
    /// switches the verification off.
    ///
    /// Judged where the certificate is one for the inside of a cluster: it names another Service,
    /// or a host without a dot. A certificate for the public host of a program behind a load
    /// balancer that passes TLS on is fine.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// other: {names: [payments.shop.svc], issuer: ca}
    /// right: {names: [orders.shop.svc], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: orders, namespace: shop}
    /// #                ^^^^^^ Service `shop/orders` is served with the certificate in Secret `shop/orders-tls`, which covers `payments.shop.svc` and none of its own names
    /// spec: {selector: {app: orders}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: orders, namespace: shop, labels: {app: orders}}
    /// spec:
    ///   containers: [{name: web, image: shop/orders}]
    ///   volumes: [{name: tls, secret: {secretName: orders-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls, namespace: shop}
    /// data: {tls.crt: "${other.crt|base64}"}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: orders, namespace: shop}
    /// spec: {selector: {app: orders}, ports: [{port: 443}]}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: orders, namespace: shop, labels: {app: orders}}
    /// spec:
    ///   containers: [{name: web, image: shop/orders}]
    ///   volumes: [{name: tls, secret: {secretName: orders-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls, namespace: shop}
    /// data: {tls.crt: "${right.crt|base64}"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-san-not-service-name",
        summary: "certificate inside the cluster has none of its Service's names",
        remedy: "Issue the certificate for `<service>.<namespace>.svc`, and for the shorter names if clients use them.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for service in snapshot.of_kind("Service").filter(|service| service.view.is("", "Service")) {
        let selector = service.view.at(&["spec", "selector"]);
        let Some(selector) = selector.map(careen_kube_model::Selector::map) else { continue };
        if selector.is_empty() || !is_plain(service.view.name()) {
            continue;
        }
        let served = mounted(snapshot, service.view.namespace(), &selector);
        if !served.is_empty() && served.iter().all(|each| is_anothers(each, service)) {
            tell(service, &served, out);
        }
    }
}

/// Whether a certificate is one for the inside of a cluster that has no name of the Service.
fn is_anothers(served: &Served<'_>, service: ObjectRef<'_>) -> bool {
    let certificate = served.certificate;
    let name = service.view.name();
    let inside =
        |name: &str| name.ends_with(".svc") || name.contains(".svc.") || !name.contains('.');
    let hosts = || {
        certificate.san.iter().filter_map(|name| match name {
            careen_x509_model::San::Dns(host) => Some(host.as_str()),
            _ => None,
        })
    };
    let is_own = |host: &str| {
        // A wildcard for the namespace covers the Service.
        host == name || host.split_once('.').is_some_and(|(first, _)| first == name || first == "*")
    };
    // A name that clients give the pods through DNS of their own is no name of another Service.
    hosts().any(inside)
        && hosts().all(|host| inside(host) || host == "localhost")
        && !hosts().any(is_own)
}

fn tell(service: ObjectRef<'_>, served: &[Served<'_>], out: &mut SnapshotSink<'_>) {
    let Some(first) = served.first() else { return };
    let message = format!(
        "{} is served with the certificate in {}, which covers {} and none of its own names",
        service.view.display(),
        first.secret.view.display(),
        Hosts(first.certificate)
    );
    let finding = out.report(service.source(), service.view.name_span(), message);
    show(finding.object(service.path()), served);
}

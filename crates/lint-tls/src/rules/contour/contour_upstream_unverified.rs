use careen_kube_model::{field, path};
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::endpoints::{items, named};
use crate::names::Shown;

rule! {
    /// Envoy speaks TLS with the pods of the service and takes any certificate from them, since
    /// there is no `validation` with a CA and a name. Who can answer in place of the pod reads and
    /// changes everything; encryption without verification keeps out only who just listens.
    ///
    /// It is fine where the network between Envoy and pods is trusted and TLS is only there because
    /// the program insists on it.
    ///
    /// ```yaml bad
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost: {fqdn: shop.example.com}
    ///   routes:
    ///   - services:
    ///     - name: web
    ///       port: 443
    ///       protocol: tls
    /// #               ^^^ HTTPProxy `shop/web` speaks TLS with Service `web` without verifying it
    ///     - name: api
    ///       port: 443
    ///       protocol: h2
    /// #               ^^ HTTPProxy `shop/web` speaks TLS with Service `api` without verifying it
    ///       validation: {caSecret: backend-ca}
    /// ```
    /// ```yaml good
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost: {fqdn: shop.example.com}
    ///   routes:
    ///   - services:
    ///     - name: web
    ///       port: 443
    ///       protocol: tls
    ///       validation: {caSecret: backend-ca, subjectName: web.shop.svc}
    ///     - name: api
    ///       port: 443
    ///       protocol: h2
    ///       validation: {caSecret: backend-ca, subjectNames: [api.shop.svc]}
    ///     - {name: plain, port: 80, protocol: h2c}
    /// ```
    pub(crate) static RULE: Check = {
        id: "contour-upstream-unverified",
        summary: "HTTPProxy does not verify its service",
        remedy: "Set `validation.caSecret` to the CA of the pods' certificates and `validation.subjectName` to the name in them.",
        severity: Medium,
        check: Check::Kind(&["HTTPProxy"], check),
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &["https://projectcontour.io/docs/main/config/upstream-tls/"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let routes = items(view, &["spec", "routes"]).chain(view.at(&["spec", "tcpproxy"]));
    for service in routes.filter_map(|route| field(route, "services")).flat_map(|list| list.items())
    {
        let Some((protocol, node)) = named(service, &["protocol"]) else { continue };
        let given = |name: &str| path(service, &["validation", name]).is_some();
        let subject = given("subjectName") || given("subjectNames");
        if !matches!(protocol, "tls" | "h2") || (given("caSecret") && subject) {
            continue;
        }
        let name = named(service, &["name"]).map_or("?", |(name, _)| name);
        let message = format!(
            "{} speaks TLS with Service `{}` without verifying it",
            view.display(),
            Shown(name)
        );
        out.report(node.span(), message).field("spec.routes").evidence(name);
    }
}

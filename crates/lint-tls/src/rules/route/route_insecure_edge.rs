use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// OpenShift's router answers for this host over plain HTTP: the Route has no `tls`, or lets
    /// plain HTTP through beside it (`insecureEdgeTerminationPolicy: Allow`). What is sent can be
    /// read and changed on the way.
    ///
    /// It is fine behind a load balancer that ends TLS, and for hosts that are only reached inside
    /// of a trusted network.
    ///
    /// ```yaml bad
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ Route `shop/web` has no TLS
    /// spec:
    ///   host: shop.example.com
    ///   to: {kind: Service, name: web}
    /// ---
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   host: api.example.com
    ///   to: {kind: Service, name: api}
    ///   tls: {termination: edge, insecureEdgeTerminationPolicy: Allow}
    /// #                                                         ^^^^^ Route `shop/api` serves plain HTTP beside TLS
    /// ```
    /// ```yaml good
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: shop.example.com
    ///   to: {kind: Service, name: web}
    ///   tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect}
    /// ---
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   host: api.example.com
    ///   to: {kind: Service, name: api}
    ///   tls: {termination: passthrough}
    /// ```
    pub(crate) static RULE: Check = {
        id: "route-insecure-edge",
        summary: "Route serves plain HTTP",
        remedy: "Set `spec.tls.termination`, and `insecureEdgeTerminationPolicy` to `Redirect`.",
        severity: Medium,
        check: Check::Kind(&["Route"], check),
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/networking/configuring-routes",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if view.group() != "route.openshift.io" || view.spec().is_none() {
        return;
    }
    let Some(tls) = view.at(&["spec", "tls"]) else {
        let message = format!("{} has no TLS", view.display());
        out.report(view.name_span(), message).field("spec.tls");
        return;
    };
    let policy = tls.get("insecureEdgeTerminationPolicy");
    if let Some(policy) = policy.filter(|policy| policy.text() == Some("Allow")) {
        let message = format!("{} serves plain HTTP beside TLS", view.display());
        out.report(policy.span(), message).field("spec.tls");
    }
}

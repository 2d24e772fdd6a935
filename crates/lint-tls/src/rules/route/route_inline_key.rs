use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::setting::is_variable;

rule! {
    /// The private key stands in the Route in clear text. Who may read Routes, which is most
    /// people with access to the project, and who may read the repository has the key, and with it
    /// can pretend to be the host. A Route is no Secret: it is neither encrypted at rest nor kept
    /// from logs and backups.
    ///
    /// It is fine for nothing but tests. A Route without a certificate of its own gets the
    /// router's; with one, newer releases of OpenShift take a
    /// Secret by name.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: shop.example.com
    ///   to: {kind: Service, name: web}
    ///   tls:
    ///     termination: edge
    ///     insecureEdgeTerminationPolicy: Redirect
    ///     certificate: |
    ///       ${leaf.crt}
    ///     key: |
    /// #   ^^^ Route `shop/web` has a private key in clear text
    ///       ${leaf.key}
    /// ```
    /// ```yaml good
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   host: shop.example.com
    ///   to: {kind: Service, name: web}
    ///   tls:
    ///     termination: edge
    ///     insecureEdgeTerminationPolicy: Redirect
    ///     externalCertificate: {name: web-tls}
    /// ---
    /// apiVersion: route.openshift.io/v1
    /// kind: Route
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   host: api.example.com
    ///   to: {kind: Service, name: api}
    ///   tls:
    ///     termination: edge
    ///     insecureEdgeTerminationPolicy: Redirect
    ///     certificate: ${CERTIFICATE}
    ///     key: ${KEY}
    /// ```
    pub(crate) static RULE: Check = {
        id: "route-inline-key",
        summary: "Route has a private key in clear text",
        remedy: "Replace key and certificate, keep them in a Secret, and name it as `spec.tls.externalCertificate`.",
        severity: High,
        check: Check::Kind(&["Route"], check),
        security: true,
        cwe: &[312, 522],
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/networking/configuring-routes",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if view.group() != "route.openshift.io" {
        return;
    }
    let Some(entry) = view.at(&["spec", "tls"]).and_then(|tls| tls.entry("key")) else { return };
    let text = entry.value.text().unwrap_or_default();
    if text.contains("PRIVATE KEY") && !is_variable(text) {
        let message = format!("{} has a private key in clear text", view.display());
        out.report(entry.key.span(), message).field("spec.tls.key").secret(entry.value.span());
    }
}

use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// The HTTPProxy asks clients for a certificate and lets them in without a good one: with
    /// `skipClientCertValidation` Envoy takes any certificate, also one that the client made
    /// itself; with `optionalClientCertificate` none is needed. What stands behind the host is
    /// open to everybody, though it looks as if it were not.
    ///
    /// It is fine where the application verifies the certificate it is passed
    /// (`forwardClientCertificate`), or asks for one only on some of its paths.
    ///
    /// ```yaml bad
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: shop.example.com
    ///     tls:
    ///       secretName: web-tls
    ///       clientValidation:
    ///         skipClientCertValidation: true
    /// #                                 ^^^^ HTTPProxy `shop/web` takes any client certificate: `skipClientCertValidation` is set
    /// ---
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: api.example.com
    ///     tls:
    ///       secretName: api-tls
    ///       clientValidation:
    ///         caSecret: clients
    ///         optionalClientCertificate: true
    /// #                                  ^^^^ HTTPProxy `shop/api` lets clients in without a certificate: `optionalClientCertificate` is set
    /// ```
    /// ```yaml good
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: shop.example.com
    ///     tls:
    ///       secretName: web-tls
    ///       clientValidation: {caSecret: clients, optionalClientCertificate: false}
    /// ```
    pub(crate) static RULE: Check = {
        id: "contour-client-validation-skipped",
        summary: "HTTPProxy lets clients in without a valid certificate",
        remedy: "Name the clients' CA as `caSecret`, and take the field away.",
        severity: Medium,
        check: Check::Kind(&["HTTPProxy"], check),
        security: true,
        cwe: &[287, 295],
        controls: &[control::TLS_ENABLED],
        references: &["https://projectcontour.io/docs/main/config/client-authorization/"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let Some(validation) = view.at(&["spec", "virtualhost", "tls", "clientValidation"]) else {
        return;
    };
    for (name, what) in [
        ("skipClientCertValidation", "takes any client certificate"),
        ("optionalClientCertificate", "lets clients in without a certificate"),
    ] {
        let node = validation.get(name).filter(|node| node.as_bool() == Some(true));
        if let Some(node) = node {
            let message = format!("{} {what}: `{name}` is set", view.display());
            out.report(node.span(), message)
                .field("spec.virtualhost.tls.clientValidation")
                .evidence(name);
            return;
        }
    }
}

use careen_kube_model::{field, path};
use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::endpoints::{items, named};
use crate::gateway::{ENVOY, is_listening};

rule! {
    /// Client certificates are asked for, but connections without one, or with one that nobody
    /// vouches for, get through as well. If the backend does not check again, mutual TLS protects
    /// nothing: whoever leaves the certificate out is let in.
    ///
    /// It is fine where the application decides by itself what a client without a certificate may
    /// do, and for the time in which clients get their certificates.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   tls:
    ///     frontend:
    ///       default:
    ///         validation:
    ///           caCertificateRefs: [{group: "", kind: ConfigMap, name: client-ca}]
    ///           mode: AllowInsecureFallback
    /// #               ^^^^^^^^^^^^^^^^^^^^^ Gateway `infra/edge` lets clients in whose certificate is missing or not valid
    ///   listeners:
    ///   - {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: web-tls}]}}
    /// ---
    /// apiVersion: gateway.envoyproxy.io/v1alpha1
    /// kind: ClientTrafficPolicy
    /// metadata: {name: mtls, namespace: infra}
    /// spec:
    ///   targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
    ///   tls:
    ///     clientValidation:
    ///       optional: true
    /// #               ^^^^ ClientTrafficPolicy `infra/mtls` lets clients in without a certificate
    ///       caCertificateRefs: [{name: client-ca}]
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   tls:
    ///     frontend:
    ///       default:
    ///         validation:
    ///           caCertificateRefs: [{group: "", kind: ConfigMap, name: client-ca}]
    ///           mode: AllowValidOnly
    ///   listeners:
    ///   - {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: web-tls}]}}
    /// ---
    /// apiVersion: gateway.envoyproxy.io/v1alpha1
    /// kind: ClientTrafficPolicy
    /// metadata: {name: mtls, namespace: infra}
    /// spec:
    ///   targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
    ///   tls: {clientValidation: {optional: false, caCertificateRefs: [{name: client-ca}]}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-frontend-insecure-fallback",
        summary: "gateway lets clients in without a valid certificate",
        remedy: "Require a valid client certificate: `mode: AllowValidOnly`, and no `optional` in Envoy Gateway.",
        severity: Medium,
        check: Check::Kind(&["Gateway", "ClientTrafficPolicy"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[295, 306],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://gateway-api.sigs.k8s.io/geps/gep-91/",
            "https://gateway.envoyproxy.io/docs/tasks/security/mutual-tls/",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if view.kind() == "Gateway" {
        if is_listening(view) {
            of_gateway(object, out);
        }
        return;
    }
    let validation = view.at(&["spec", "tls", "clientValidation"]);
    let Some(validation) = validation.filter(|_| view.group() == ENVOY) else { return };
    for (key, words) in [
        ("optional", "without a certificate"),
        ("allowExpiredCertificate", "with expired certificates"),
    ] {
        let set = field(validation, key).filter(|node| node.as_bool() == Some(true));
        if let Some(node) = set {
            let message = format!("{} lets clients in {words}", view.display());
            out.report(node.span(), message)
                .field(format!("spec.tls.clientValidation.{key}"))
                .evidence(key);
        }
    }
}

fn of_gateway(object: ObjectRef<'_>, out: &mut Sink<'_>) {
    let view = object.view;
    let default = view.at(&["spec", "tls", "frontend", "default", "validation"]);
    let ports = items(view, &["spec", "tls", "frontend", "perPort"])
        .filter_map(|port| path(port, &["tls", "validation"]));
    // Where it stood while it was tried out.
    let listeners = items(view, &["spec", "listeners"])
        .filter_map(|listener| path(listener, &["tls", "frontendValidation"]));
    let validations: Vec<Node<'_>> = default.into_iter().chain(ports).chain(listeners).collect();
    for validation in validations {
        let mode = named(validation, &["mode"]);
        let Some((mode, node)) = mode.filter(|(mode, _)| *mode == "AllowInsecureFallback") else {
            continue;
        };
        let message =
            format!("{} lets clients in whose certificate is missing or not valid", view.display());
        out.report(node.span(), message).field("spec.tls.frontend").evidence(mode);
    }
}

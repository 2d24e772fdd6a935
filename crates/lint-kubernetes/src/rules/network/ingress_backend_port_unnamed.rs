use careen_kube_model::{IntOrString, ObjectView};
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::relations::backends;

rule! {
    /// A backend that names its port keeps working when the Service's port number changes. Off by
    /// default: numbers work, and many prefer them.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// #                                                      ^^ Ingress `shop` sends requests to port `80` of Service `web` by its number
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   defaultBackend: {service: {name: web, port: {name: http}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-backend-port-unnamed",
        summary: "ingress names a service port by its number",
        remedy: "Name the Service's port and use the name.",
        severity: Info,
        check: Check::Kind(&["Ingress"], check),
        default: false,
        fragments: true,
        peers: &["popeye:1403"],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !matches!(object.group(), "networking.k8s.io" | "extensions") {
        return;
    }
    for backend in backends(object) {
        if let Some((IntOrString::Int(number), node)) = backend.port {
            let name = backend.name;
            let message = format!(
                "{} sends requests to port `{number}` of Service `{name}` by its number",
                object.display()
            );
            out.report(node.span(), message).evidence(format!("{name}:{number}"));
        }
    }
}

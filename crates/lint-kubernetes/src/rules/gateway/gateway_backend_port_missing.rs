use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::gateway::{GROUP, ROUTES, backends};

rule! {
    /// A route that sends traffic to a Service must say to which of its ports. The API server
    /// refuses one that does not; older ones took it, and requests were answered with 500. Backends
    /// of other kinds may need no port.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   rules:
    ///   - backendRefs:
    ///     - name: web
    /// #           ^^^ HTTPRoute `shop` sends traffic to Service `web` without a port
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   rules:
    ///   - backendRefs:
    ///     - name: web
    ///       port: 80
    ///     - {name: archive, group: example.com, kind: Bucket}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-backend-port-missing",
        summary: "route names a service without a port",
        remedy: "Add the Service's `port` to the backend.",
        severity: High,
        check: Check::Kind(ROUTES, check),
        confidence: Confidence::High,
        controls: &[control::MANIFESTS_VALID, control::SERVICE_URLS],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != GROUP {
        return;
    }
    for backend in backends(object) {
        if backend.is_service() && backend.port().is_none() {
            let name = backend.target.name;
            let message =
                format!("{} sends traffic to Service `{name}` without a port", object.display());
            out.report(backend.target.name_node.span(), message).evidence(name);
        }
    }
}

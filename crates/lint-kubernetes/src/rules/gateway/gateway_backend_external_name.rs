use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{Backend, Services, backends, routes};
use crate::relations::text;

rule! {
    /// A Service of type ExternalName is a name in DNS and has no endpoints. The Gateway API tells
    /// controllers not to send traffic to one, since whoever may change the Service could lead
    /// the Gateway into namespaces and networks that are closed to him (CVE-2021-25740): most
    /// answer 500.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - backendRefs: [{name: legacy, port: 443}]
    /// #                        ^^^^^^ HTTPRoute `shop` sends traffic to Service `legacy`, which is a name for `legacy.example.com`
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: legacy}
    /// spec: {type: ExternalName, externalName: legacy.example.com, ports: [{port: 443}]}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   rules:
    ///   - backendRefs: [{name: web, port: 443}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec: {selector: {app: web}, ports: [{port: 443}]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-backend-external-name",
        summary: "route sends traffic to a service that is only a name",
        remedy: "Use a Service with endpoints, or the controller's own kind of backend for outside hosts.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[441],
        controls: &[control::SERVICE_URLS],
        references: &["https://nvd.nist.gov/vuln/detail/CVE-2021-25740"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut services = None;
    for route in routes(snapshot) {
        let view = route.view;
        for backend in backends(view).filter(Backend::is_service) {
            let services = services.get_or_insert_with(|| Services::of(snapshot));
            let target = backend.target;
            let found = services.named(target.namespace_from(view), target.name);
            let Some(service) = found.first() else { continue };
            let Some(name) =
                alias(service).filter(|_| found.iter().all(|found| alias(found).is_some()))
            else {
                continue;
            };
            let name = crate::place::cut(name);
            let message = format!(
                "{} sends traffic to Service `{}`, which is a name for `{name}`",
                view.display(),
                target.name
            );
            out.report(route.source(), target.name_node.span(), message)
                .object(route.path())
                .evidence(target.name)
                .related(service.source(), service.view.name_span(), "the Service is here");
        }
    }
}

/// The name that a Service is an alias for.
fn alias<'a>(service: &ObjectRef<'a>) -> Option<&'a str> {
    let spec = service.view.spec()?;
    text(spec, "externalName").filter(|_| text(spec, "type") == Some("ExternalName"))
}

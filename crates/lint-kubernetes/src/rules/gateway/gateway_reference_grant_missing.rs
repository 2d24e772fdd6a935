use std::collections::HashSet;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{
    Ask, Grants, LISTENING, Target, backends, gateway_wide, is_listening, listeners, routes,
};

rule! {
    /// A route may send traffic into another namespace, and a Gateway may use a certificate or CA
    /// of another one, only if a ReferenceGrant there allows it. Without one the reference is refused:
    /// requests are answered with 500, and the listener is not put into service. The finding weighs
    /// less where the repository has nothing of the other namespace.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   rules:
    ///   - backendRefs:
    ///     - {name: web, namespace: shop, port: 80}
    /// #            ^^^ HTTPRoute `infra/shop` refers to Service `web` of namespace `shop`, which no ReferenceGrant there allows
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
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
    ///           caCertificateRefs: [{kind: ConfigMap, group: "", name: clients, namespace: shop}]
    /// #                                                                ^^^^^^^ Gateway `infra/edge` refers to ConfigMap `clients` of namespace `shop`, which no ReferenceGrant there allows
    ///   listeners:
    ///   - {name: http, protocol: HTTP, port: 80}
    /// ---
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   rules:
    ///   - backendRefs:
    ///     - {name: web, namespace: shop, port: 80}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1beta1
    /// kind: ReferenceGrant
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   from:
    ///   - {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: infra}
    ///   to:
    ///   - {group: "", kind: Service}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-reference-grant-missing",
        summary: "reference into another namespace is not granted",
        remedy: "Add a ReferenceGrant to the other namespace that allows this kind and namespace.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::SERVICE_URLS, control::TLS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/api-types/referencegrant/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known = None;
    let mut judge = |holder: ObjectRef<'_>, target: Target<'_>, out: &mut SnapshotSink<'_>| {
        // What controllers bring themselves they may allow themselves.
        let Some((ask, namespace)) = Ask::of(holder.view, &target) else { return };
        if !target.group.is_empty() {
            return;
        }
        let (grants, namespaces) =
            known.get_or_insert_with(|| (Grants::of(snapshot), namespaces(snapshot)));
        if grants.allow(ask, namespace) {
            return;
        }
        let message = format!(
            "{} refers to {} `{}` of namespace `{namespace}`, which no ReferenceGrant there allows",
            holder.view.display(),
            target.kind,
            target.name
        );
        let finding = out.report(holder.source(), target.name_node.span(), message);
        finding.object(holder.path()).evidence(format!("{namespace}/{}", target.name));
        if !namespaces.contains(namespace) {
            finding.confidence(Confidence::Low);
        }
    };
    for route in routes(snapshot) {
        for backend in backends(route.view) {
            judge(route, backend.target, out);
        }
    }
    let holders = LISTENING.iter().flat_map(|kind| snapshot.of_kind(kind));
    for holder in holders.filter(|object| is_listening(object.view)) {
        let of_listeners = listeners(holder.view)
            .flat_map(|listener| listener.certificates().chain(listener.client_authorities()));
        for target in of_listeners.chain(gateway_wide(holder.view)) {
            judge(holder, target, out);
        }
    }
}

/// The namespaces that the repository has objects of.
fn namespaces(snapshot: &Snapshot) -> HashSet<&str> {
    let declared = snapshot.of_kind("Namespace").map(|object| object.view.name());
    declared.chain(snapshot.objects().filter_map(|object| object.view.namespace())).collect()
}

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::gateway::{Listener, attached};

rule! {
    /// A listener that passes TLS through sees neither path nor header, so that it cannot serve an
    /// HTTPRoute or GRPCRoute: the route gets no traffic. The other way round, a TLSRoute says that
    /// the backend has the certificate, while a listener in mode `Terminate` (also if no mode is
    /// written) ends TLS and sends plain TCP on: a backend that waits for TLS hangs up. Many
    /// implementations, and the Gateway API before 1.5, refuse that pair altogether.
    ///
    /// It is fine where TLS is meant to end at the gateway and the implementation supports
    /// TLSRoutes there. An HTTPRoute whose parent has the protocol TLS and lists no kinds is
    /// already told by `gateway-route-not-allowed`.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: through
    ///     protocol: TLS
    ///     port: 8443
    ///     tls: {mode: Passthrough}
    ///     allowedRoutes: {kinds: [{kind: HTTPRoute}]}
    ///   - name: ends
    ///     protocol: TLS
    ///     port: 9443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - name: edge
    ///     sectionName: through
    /// #                ^^^^^^^ HTTPRoute `infra/web` gets no traffic from listener `through` of Gateway `infra/edge`, which passes TLS through
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: TLSRoute
    /// metadata: {name: db, namespace: infra}
    /// spec:
    ///   parentRefs:
    ///   - name: edge
    ///     port: 9443
    /// #         ^^^^ TLSRoute `infra/db` attaches to listener `ends` of Gateway `infra/edge`, which ends TLS itself
    ///   hostnames: [db.example.com]
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: through
    ///     protocol: TLS
    ///     port: 8443
    ///     tls: {mode: Passthrough}
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: web, namespace: infra}
    /// spec:
    ///   parentRefs: [{name: edge}]
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: TLSRoute
    /// metadata: {name: db, namespace: infra}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames: [db.example.com]
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-route-mode-conflict",
        summary: "route does not fit the TLS mode of its listener",
        remedy: "Attach a TLSRoute to a listener with `mode: Passthrough`, and HTTPRoutes to one with protocol HTTPS.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_ENABLED, control::SERVICE_URLS],
        references: &["https://gateway-api.sigs.k8s.io/guides/tls/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for attached in attached(snapshot) {
        let view = attached.route.view;
        let is_tls = view.kind() == "TLSRoute";
        let conflicts = |listener: &&Listener<'_>| {
            if is_tls {
                listener.protocol() == "TLS" && !listener.passes_through()
            } else {
                listener.passes_through()
            }
        };
        let fits = |listener: &Listener<'_>| match listener.protocol() {
            "TLS" => is_tls && listener.passes_through(),
            "HTTPS" => !is_tls && !listener.passes_through(),
            "HTTP" => !is_tls,
            _ => true,
        };
        // A listener that takes the route is enough.
        if attached.listeners.iter().any(fits) {
            continue;
        }
        let Some(listener) = attached.listeners.iter().find(conflicts) else { continue };
        let lists = || {
            let kinds = careen_kube_model::path(listener.node, &["allowedRoutes", "kinds"]);
            kinds.is_some_and(|kinds| kinds.items().next().is_some())
        };
        if !is_tls && listener.protocol() == "TLS" && !lists() {
            continue;
        }
        let message = if is_tls {
            format!("{} attaches to {}, which ends TLS itself", view.display(), listener.display())
        } else {
            format!(
                "{} gets no traffic from {}, which passes TLS through",
                view.display(),
                listener.display()
            )
        };
        let finding = out.report(attached.route.source(), attached.place.span(), message);
        finding.object(attached.route.path()).field("spec.parentRefs").evidence(listener.name);
        if is_tls {
            finding.severity(Severity::Medium).confidence(Confidence::Medium);
        }
        let place = listener.place().span();
        finding.related(listener.object.source(), place, "the listener");
    }
}

use std::collections::HashSet;

use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::Names;

rule! {
    /// A Service without a selector gets no endpoints by itself: somebody has to write an
    /// EndpointSlice for it, and until then every connection is refused. It is fine where a
    /// controller writes the endpoints, such as a database operator for its leader.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: database, namespace: shop}
    /// #                ^^^^^^^^ Service `shop/database` has neither a selector nor endpoints
    /// spec:
    ///   ports: [{port: 5432}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: database, namespace: shop}
    /// spec:
    ///   ports: [{port: 5432}]
    /// ---
    /// apiVersion: discovery.k8s.io/v1
    /// kind: EndpointSlice
    /// metadata:
    ///   name: database-1
    ///   namespace: shop
    ///   labels: {kubernetes.io/service-name: database}
    /// addressType: IPv4
    /// endpoints: [{addresses: [192.0.2.5]}]
    /// ports: [{port: 5432}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-endpoints-missing",
        summary: "service has neither a selector nor endpoints",
        remedy: "Add a `selector`, or an EndpointSlice with the label `kubernetes.io/service-name`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        controls: &[control::SERVICE_URLS, control::NETWORK_REACHABLE],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known: Option<(HashSet<&str>, Names<'_>)> = None;
    for service in snapshot.of_kind("Service").filter(|object| object.view.group().is_empty()) {
        let view = service.view;
        let Some(spec) = view.spec() else { continue };
        let has_entries =
            |key| field(spec, key).is_some_and(|node| node.entries().next().is_some());
        if view.name().is_empty()
            || has_entries("selector")
            || field(spec, "type").and_then(|node| node.text()) == Some("ExternalName")
            || field(spec, "ports").is_none_or(|ports| ports.items().next().is_none())
        {
            continue;
        }
        let (endpoints, services) = known.get_or_insert_with(|| {
            let slices = snapshot.of_kind("EndpointSlice");
            let slices =
                slices.filter_map(|slice| slice.view.labels().get("kubernetes.io/service-name"));
            let endpoints = snapshot.of_kind("Endpoints").map(|object| object.view.name());
            (slices.chain(endpoints).collect(), Names::of(snapshot, &[("", "Service")]))
        });
        // A patch of a Service repeats what changes only.
        let is_patch = || {
            services.all("Service", view.namespace(), view.name()).any(|other| {
                other.view.at(&["spec", "selector"]).is_some()
                    || other.view.at(&["spec", "externalName"]).is_some()
            })
        };
        if endpoints.contains(view.name()) || is_patch() {
            continue;
        }
        let message = format!("{} has neither a selector nor endpoints", view.display());
        out.report(service.source(), view.name_span(), message)
            .object(service.path())
            .field("spec.selector");
    }
}

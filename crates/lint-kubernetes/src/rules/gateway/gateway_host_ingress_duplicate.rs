use std::collections::HashMap;

use careen_kube_model::field;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::{Parent, hostnames, parents, routes};
use crate::nginx::is_ingress;

rule! {
    /// An Ingress and a route of a Gateway have load balancers of their own, and DNS leads a host
    /// to one of them. Where both claim the host, requests go to whichever wrote its record last,
    /// and changes to the other have no effect. It is fine while traffic is moved from one to the
    /// other.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - host: shop.example.com
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames: [shop.example.com]
    /// #             ^^^^^^^^^^^^^^^^ host `shop.example.com` of HTTPRoute `shop` is also one of Ingress `shop`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: shop}
    /// spec:
    ///   ingressClassName: edge
    ///   rules:
    ///   - host: shop.example.com
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: api}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames: [api.example.com]
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-host-ingress-duplicate",
        summary: "an ingress and a route claim the same host",
        remedy: "Serve the host by one of the two, and delete the other.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::DNS_LOAD_BALANCER],
        references: &["https://gateway-api.sigs.k8s.io/guides/migrating-from-ingress/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut claimed: Option<HashMap<&str, (ObjectRef<'_>, Node<'_>)>> = None;
    for route in routes(snapshot).filter(|route| route.view.kind() == "HTTPRoute") {
        let view = route.view;
        if !parents(view).any(|parent| Parent::is_gateway(&parent)) {
            continue;
        }
        let claimed = claimed.get_or_insert_with(|| hosts(snapshot));
        if claimed.is_empty() {
            return;
        }
        for (host, node) in hostnames(view) {
            let Some((ingress, place)) = claimed.get(host) else { continue };
            let message = format!(
                "host `{host}` of {} is also one of {}",
                view.display(),
                ingress.view.display()
            );
            out.report(route.source(), node.span(), message)
                .object(route.path())
                .field("spec.hostnames")
                .evidence(host)
                .related(
                    ingress.source(),
                    place.span(),
                    format!("{} claims it here", ingress.view.display()),
                );
        }
    }
}

/// The hosts of Ingresses, each with the first that has it.
fn hosts(snapshot: &Snapshot) -> HashMap<&str, (ObjectRef<'_>, Node<'_>)> {
    let mut hosts = HashMap::new();
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let rules = ingress.view.at(&["spec", "rules"]);
        for node in rules.iter().flat_map(Node::items).filter_map(|rule| field(rule, "host")) {
            if let Some(host) = node.text().filter(|host| !host.is_empty()) {
                hosts.entry(host).or_insert((ingress, node));
            }
        }
    }
    hosts
}

use std::collections::HashMap;

use careen_kube_model::{field, path};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::ingress::class_of;
use crate::relations::text;

rule! {
    /// Two Ingresses that claim the same host and path fight for it: which one wins depends on the
    /// controller and on which object is older, and some controllers refuse the second. Within one
    /// Ingress the second claim is dropped. Canary
    /// Ingresses of ingress-nginx are left alone, and so are Ingresses of different classes and
    /// copies of one Ingress in several overlays.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /
    ///         pathType: Prefix
    ///         backend: {service: {name: web, port: {number: 80}}}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: legacy
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /
    /// #             ^ Ingress `legacy` claims `shop.example.com/`, which Ingress `shop` has too
    ///         pathType: Prefix
    ///         backend: {service: {name: legacy, port: {number: 80}}}
    ///       - path: /old
    ///         pathType: Prefix
    ///         backend: {service: {name: legacy, port: {number: 80}}}
    ///       - path: /old
    /// #             ^^^^ Ingress `legacy` claims `shop.example.com/old` twice
    ///         pathType: Prefix
    ///         backend: {service: {name: older, port: {number: 80}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /
    ///         pathType: Prefix
    ///         backend: {service: {name: web, port: {number: 80}}}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: legacy
    /// spec:
    ///   rules:
    ///   - host: shop.example.com
    ///     http:
    ///       paths:
    ///       - path: /legacy
    ///         pathType: Prefix
    ///         backend: {service: {name: legacy, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-host-path-duplicate",
        summary: "two rules of ingresses claim the same host and path",
        remedy: "Give each host and path to one Ingress.",
        severity: High,
        check: Check::Snapshot(check),
        fragments: true,
        confidence: Confidence::High,
        controls: &[control::DNS_LOAD_BALANCER, control::SERVICE_URLS],
        references: &["https://kubernetes.io/docs/concepts/services-networking/ingress/"],
    }
}

/// Earlier claims of one host and path that a claim is compared with.
const CLAIMS: usize = 100;

struct Claim<'a> {
    ingress: ObjectRef<'a>,
    class: Option<&'a str>,
    place: Node<'a>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut claims: HashMap<(&str, &str, &str), Vec<Claim<'_>>> = HashMap::new();
    for ingress in snapshot.of_kind("Ingress") {
        let view = ingress.view;
        if !matches!(view.group(), "networking.k8s.io" | "extensions")
            || view.annotations().get("nginx.ingress.kubernetes.io/canary") == Some("true")
        {
            continue;
        }
        let class = class_of(view).map(|(name, _)| name);
        let rules = view.at(&["spec", "rules"]);
        for rule in rules.iter().flat_map(Node::items) {
            let Some(host) = field(rule, "host") else { continue };
            let Some(name) = host.text().filter(|name| !name.is_empty()) else { continue };
            let paths = path(rule, &["http", "paths"]);
            for item in paths.iter().flat_map(Node::items) {
                let written = field(item, "path");
                let place = written.unwrap_or(host);
                let route = written.and_then(|node| node.text()).unwrap_or("/");
                let kind = text(item, "pathType").unwrap_or("ImplementationSpecific");
                let earlier = claims.entry((name, route, kind)).or_default();
                let claim = Claim { ingress, class, place };
                match earlier.iter().find(|first| collide(first, &claim)) {
                    Some(first) => report(first, &claim, name, route, out),
                    None if earlier.len() < CLAIMS => earlier.push(claim),
                    None => {}
                }
            }
        }
    }
}

fn report(
    first: &Claim<'_>,
    second: &Claim<'_>,
    host: &str,
    route: &str,
    out: &mut SnapshotSink<'_>,
) {
    let (one, other) = (first.ingress, second.ingress);
    let message = if one.view.object == other.view.object {
        format!("{} claims `{host}{route}` twice", other.view.display())
    } else {
        format!(
            "{} claims `{host}{route}`, which {} has too",
            other.view.display(),
            one.view.display()
        )
    };
    let finding = out.report(other.source(), second.place.span(), message);
    finding.object(other.path()).evidence(format!("{host}{route}")).related(
        one.source(),
        first.place.span(),
        format!("{} claims it here", one.view.display()),
    );
    // Files of different folders may be for different clusters.
    if folder(one) != folder(other) {
        finding.confidence(Confidence::Medium);
    }
}

fn folder(object: ObjectRef<'_>) -> &str {
    object.source().path().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether two claims are for one controller. Two Ingresses of equal names in agreeing namespaces
/// are one object, written twice.
fn collide(first: &Claim<'_>, second: &Claim<'_>) -> bool {
    let (one, other) = (first.ingress.view, second.ingress.view);
    let is_itself = one.object == other.object
        && first.ingress.source().path() == second.ingress.source().path();
    let is_copy = !is_itself
        && one.name() == other.name()
        && namespaces_agree(one.namespace(), other.namespace());
    !is_copy && first.class == second.class && first.place != second.place
}

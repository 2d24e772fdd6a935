use std::collections::HashMap;

use careen_kube_model::{field, path};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::{Parent, hostnames, parents, routes, rules};
use crate::relations::text;

rule! {
    /// Two rules of routes that match the same host, path, method, headers and parameters on one
    /// Gateway cannot both get the request: the older route wins, and within one route the first
    /// rule. The backends of the other get nothing, without an error. Copies of one route in
    /// several overlays are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames: [shop.example.com]
    ///   rules:
    ///   - matches:
    ///     - path: {value: /api}
    ///     backendRefs: [{name: api, port: 80}]
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: api}
    /// spec:
    ///   parentRefs: [{name: edge, sectionName: http}]
    ///   hostnames: [shop.example.com]
    ///   rules:
    ///   - matches:
    ///     - path: {type: PathPrefix, value: /api}
    /// #                                     ^^^^ HTTPRoute `api` matches `shop.example.com/api` as HTTPRoute `shop` does
    ///     backendRefs: [{name: other, port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs: [{name: edge}]
    ///   hostnames: [shop.example.com]
    ///   rules:
    ///   - matches:
    ///     - path: {value: /api}
    ///     - path: {value: /api}
    ///       method: POST
    ///     backendRefs: [{name: api, port: 80}]
    ///   - backendRefs: [{name: web, port: 80}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-match-duplicate",
        summary: "two route rules match the same requests",
        remedy: "Give each host and path to one rule of one route.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::DNS_LOAD_BALANCER, control::SERVICE_URLS],
        references: &["https://gateway-api.sigs.k8s.io/api-types/httproute/"],
    }
}

/// Earlier claims of one match that a claim is compared with.
const CLAIMS: usize = 100;
/// Matches of one rule that are looked at; the API allows 64.
const MATCHES: usize = 64;
/// Headers or parameters of one match; with more, it is taken for unlike any other.
const CONDITIONS: usize = 16;
/// Claims that are looked at, one for each host and parent of a match.
const LOOKED_AT: usize = 1_000_000;
/// Claims that are kept of one repository; what is beyond is taken to be in order.
const KEPT: usize = 200_000;

/// The Gateway's name, the host and the match.
type Key<'a> = (&'a str, &'a str, String);

#[derive(Clone, Copy)]
struct Claim<'a> {
    route: ObjectRef<'a>,
    namespace: Option<&'a str>,
    section: Option<&'a str>,
    port: Option<i64>,
    place: Node<'a>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut claims: HashMap<Key<'_>, Vec<Claim<'_>>> = HashMap::new();
    let (mut kept, mut looked_at) = (0_usize, 0_usize);
    for route in routes(snapshot).filter(|route| route.view.kind() == "HTTPRoute") {
        let view = route.view;
        let hosts: Vec<&str> = match hostnames(view).map(|(host, _)| host).collect::<Vec<_>>() {
            hosts if hosts.is_empty() && view.at(&["spec", "hostnames"]).is_none() => vec!["*"],
            hosts => hosts,
        };
        for (place, shown, canonical) in rules(view).flat_map(matches) {
            let mut is_told = false;
            for parent in parents(view).filter(Parent::is_gateway) {
                for host in &hosts {
                    looked_at += 1;
                    if looked_at > LOOKED_AT {
                        return;
                    }
                    let claim = Claim {
                        route,
                        namespace: parent.target.namespace_from(view),
                        section: parent.section(),
                        port: parent.port(),
                        place,
                    };
                    let key = (parent.target.name, *host, canonical.clone());
                    let earlier = claims.entry(key).or_default();
                    match earlier.iter().find(|first| collide(first, &claim)) {
                        Some(first) if !is_told => {
                            is_told = true;
                            report(first, &claim, &format!("{host}{shown}"), out);
                        }
                        None if earlier.len() < CLAIMS && kept < KEPT => {
                            kept += 1;
                            earlier.push(claim);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

/// The matches of a rule: where each stands, its path, and all of it in one form.
fn matches<'a>(rule: Node<'a>) -> Vec<(Node<'a>, &'a str, String)> {
    let list = field(rule, "matches");
    let mut found: Vec<_> =
        list.iter().flat_map(Node::items).take(MATCHES).filter_map(canonical).collect();
    if list.is_none() {
        found.push((rule, "/", "PathPrefix / ".to_owned()));
    }
    found
}

fn canonical(node: Node<'_>) -> Option<(Node<'_>, &str, String)> {
    let value = path(node, &["path", "value"]);
    let shown = value.and_then(|value| value.text()).unwrap_or("/");
    let kind = path(node, &["path", "type"]).and_then(|kind| kind.text()).unwrap_or("PathPrefix");
    let mut text = format!("{kind} {shown} {}", self::text(node, "method").unwrap_or_default());
    for key in ["headers", "queryParams"] {
        let list = field(node, key);
        let mut conditions: Vec<(String, &str, &str)> = Vec::new();
        for item in list.iter().flat_map(Node::items) {
            let word = |key| self::text(item, key).unwrap_or_default();
            if conditions.len() >= CONDITIONS {
                return None;
            }
            let kind = if word("type").is_empty() { "Exact" } else { word("type") };
            let name = word("name");
            // Names of headers have no case.
            let name = if key == "headers" { name.to_ascii_lowercase() } else { name.to_owned() };
            conditions.push((name, kind, word("value")));
        }
        conditions.sort();
        text.push_str(&format!(" {conditions:?}"));
    }
    if text.ends_with("  [] []") {
        text.truncate(text.len() - " [] []".len());
    }
    Some((value.unwrap_or(node), shown, text))
}

/// Whether two claims are for one Gateway. Routes of one name in agreeing namespaces are one
/// route, written twice.
fn collide(first: &Claim<'_>, second: &Claim<'_>) -> bool {
    fn agree<T: Copy + PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    let (one, other) = (first.route.view, second.route.view);
    let is_itself =
        one.object == other.object && first.route.source().path() == second.route.source().path();
    let is_copy = !is_itself
        && one.name() == other.name()
        && namespaces_agree(one.namespace(), other.namespace());
    !is_copy
        && first.place != second.place
        && namespaces_agree(first.namespace, second.namespace)
        && agree(first.section, second.section)
        && agree(first.port, second.port)
}

fn report(first: &Claim<'_>, second: &Claim<'_>, shown: &str, out: &mut SnapshotSink<'_>) {
    let (one, other) = (first.route, second.route);
    let (name, earlier) = (other.view.display().to_string(), one.view.display().to_string());
    let message = if name == earlier {
        format!("{name} matches `{shown}` twice: the first rule takes it all")
    } else {
        format!("{name} matches `{shown}` as {earlier} does")
    };
    let place = crate::relations::short_span(second.place);
    let finding = out.report(other.source(), place, message);
    finding.object(other.path()).evidence(shown).related(
        one.source(),
        crate::relations::short_span(first.place),
        format!("{earlier} matches it here"),
    );
    // Files of different folders may be for different clusters.
    let folder = |object: ObjectRef<'_>| {
        let path = object.source().path();
        path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
    };
    if folder(one) != folder(other) {
        finding.confidence(Confidence::Medium);
    }
}

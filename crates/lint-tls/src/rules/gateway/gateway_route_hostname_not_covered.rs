use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::coverage::Coverage;
use crate::gateway::hosts::{common, covers, is_closer};
use crate::gateway::{Attached, Listener, attached, hostnames, listeners};
use crate::ingress::is_plain;
use crate::names::{Hosts, Shown};
use crate::served::{Served, show};

rule! {
    /// A route adds a host to a listener for many, and the listener's certificate does not name it:
    /// clients hang up (browsers: `ERR_CERT_COMMON_NAME_INVALID`), although the route is accepted.
    /// Mostly a wildcard was meant to do: `*.example.com` covers `shop.example.com`, but neither
    /// `example.com` nor `api.shop.example.com`, while a listener for `*.example.com` takes routes
    /// for both of the longer names.
    ///
    /// It is fine where the Secret in the repository is a stand-in. Of several certificates of one
    /// listener, one that covers the host is enough.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: ["*.example.com"], issuer: ca}
    /// other: {names: [api.shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: https
    ///     hostname: "*.example.com"
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   parentRefs: [{name: edge, namespace: infra}]
    ///   hostnames:
    ///   - shop.example.com
    ///   - api.shop.example.com
    /// #   ^^^^^^^^^^^^^^^^^^^^ hostname `api.shop.example.com` of HTTPRoute `shop/api` is not covered by the certificate of listener `https` of Gateway `infra/edge`, which covers `*.example.com`
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: web-tls}]}
    ///     allowedRoutes: {namespaces: {from: All}}
    ///   - name: api
    ///     hostname: api.shop.example.com
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: api-tls}]}
    ///     allowedRoutes: {namespaces: {from: All}}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   parentRefs: [{name: edge, namespace: infra}]
    ///   hostnames: [shop.example.com, api.shop.example.com]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: api-tls, namespace: infra}
    /// data:
    ///   tls.crt: ${other.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-route-hostname-not-covered",
        summary: "certificate of a listener does not cover a host of its routes",
        remedy: "Have the certificate issued again with the host among its subject alternative names, or give the host a listener of its own.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://gateway-api.sigs.k8s.io/guides/tls/",
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut coverage = Coverage::default();
    // Many routes attach to one listener.
    let mut known: BTreeMap<_, Option<Vec<Served<'_>>>> = BTreeMap::new();
    let attached = attached(snapshot);
    for listener in attached.iter().flat_map(ending) {
        known.entry(key(&listener)).or_insert_with(|| listener.certificates(snapshot));
    }
    for attached in &attached {
        let ending: Vec<(Listener<'_>, &[Served<'_>])> = ending(attached)
            .filter_map(|listener| Some((listener, known.get(&key(&listener))?.as_deref()?)))
            .collect();
        if ending.is_empty() {
            continue;
        }
        for (host, node) in hostnames(attached.route.view) {
            judge(attached, &ending, host, node, &mut coverage, out);
        }
    }
}

fn ending<'s, 'a>(attached: &'s Attached<'a>) -> impl Iterator<Item = Listener<'a>> + use<'s, 'a> {
    attached.listeners.iter().copied().filter(Listener::ends_tls)
}

/// What tells listeners apart.
fn key<'a>(listener: &Listener<'a>) -> (&'a str, usize, usize) {
    (listener.object.source().path(), listener.object.index, listener.index)
}

fn judge(
    attached: &Attached<'_>,
    ending: &[(Listener<'_>, &[Served<'_>])],
    host: &str,
    node: Node<'_>,
    coverage: &mut Coverage,
    out: &mut SnapshotSink<'_>,
) {
    let mut uncovered = None;
    let mut covered = false;
    for (listener, served) in ending {
        let own = listener.hostname().map(|(own, _)| own);
        let Some(asked) = common(own, host) else { continue };
        // What is wrong with the listener itself is told there, by
        // `gateway-certificate-does-not-cover-listener`.
        if own.is_some_and(|own| !is_plain(own) || own.eq_ignore_ascii_case(asked)) {
            continue;
        }
        if goes_elsewhere(listener, asked, coverage) {
            continue;
        }
        if coverage.answers(served.iter().map(|each| each.certificate), asked) {
            covered = true;
        } else if uncovered.is_none() {
            uncovered = Some((listener, served));
        }
    }
    // Of the same Gateway in several overlays, one may be right.
    let Some((listener, served)) = uncovered.filter(|_| attached.gateways == 1 || !covered) else {
        return;
    };
    let Some(first) = served.first() else { return };
    let message = format!(
        "hostname `{}` of {} is not covered by the certificate of {}, which covers {}",
        Shown(host),
        attached.route.view.display(),
        listener.display(),
        Hosts(first.certificate)
    );
    let finding = out.report(attached.route.source(), node.span(), message);
    finding.object(attached.route.path()).field("spec.hostnames").evidence(host).related(
        listener.object.source(),
        listener.place().span(),
        "the listener",
    );
    show(finding, served);
}

/// Whether another listener of the same port is closer to the host and gets its connections.
fn goes_elsewhere(listener: &Listener<'_>, host: &str, coverage: &mut Coverage) -> bool {
    let own = listener.hostname().map(|(own, _)| own);
    listeners(listener.object).any(|other| {
        if !coverage.spend(1) {
            return true;
        }
        let Some((closer, _)) = other.hostname() else { return false };
        other.index != listener.index
            && other.port() == listener.port()
            && is_closer(closer, own)
            && (closer.eq_ignore_ascii_case(host) || covers(closer, host))
    })
}

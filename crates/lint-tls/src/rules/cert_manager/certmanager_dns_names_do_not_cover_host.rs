use std::collections::BTreeMap;

use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Request, requests};
use crate::endpoints::{Endpoint, endpoints};
use crate::ingress::{HostSet, is_plain};
use crate::names::Shown;

/// Most Certificates with one Secret that are looked at.
const NAMESAKES: usize = 64;
/// Most names that a message lists.
const LISTED: usize = 3;

rule! {
    /// The certificate is issued without a hitch and served for a host it is not for: clients hang
    /// up, and ingress-nginx serves its fake certificate instead. Mostly a host was added to the
    /// route and not to the Certificate. The common name covers no host, and a wildcard stands for
    /// one label only.
    ///
    /// It is fine where something else writes the Secret in the end. Where several Certificates
    /// could be meant, as in overlays, one that covers the host is enough.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   commonName: api.example.com
    ///   dnsNames: [shop.example.com, "*.shop.example.com"]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts:
    ///     - shop.example.com
    ///     - api.example.com
    /// #     ^^^^^^^^^^^^^^^ host `api.example.com` of Ingress `shop/web` is not among the names of Certificate `shop/web`: `shop.example.com`, `*.shop.example.com`
    ///     secretName: web-tls
    ///   rules:
    ///   - host: shop.example.com
    ///   - host: api.example.com
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: wildcard, namespace: istio-system}
    /// spec:
    ///   secretName: wildcard-tls
    ///   dnsNames: ["*.example.com"]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.istio.io/v1
    /// kind: Gateway
    /// metadata: {name: web, namespace: istio-system}
    /// spec:
    ///   servers:
    ///   - port: {number: 443, name: https, protocol: HTTPS}
    ///     hosts: [example.com]
    /// #           ^^^^^^^^^^^ host `example.com` of Gateway `istio-system/web` is not among the names of Certificate `istio-system/wildcard`: `*.example.com`
    ///     tls: {mode: SIMPLE, credentialName: wildcard-tls}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: ["*.example.com"]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   routes:
    ///   - match: Host(`shop.example.com`) || Host(`api.example.com`)
    ///     kind: Rule
    ///   tls: {secretName: web-tls}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   dnsNames: ["${HOST}"]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   tls: [{hosts: [api.example.com], secretName: api-tls}]
    ///   rules: [{host: api.example.com}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-dns-names-do-not-cover-host",
        summary: "requested certificate does not cover a host it is served for",
        remedy: "Add the host to `dnsNames`, or name the Secret whose certificate has it.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/",
            "https://www.rfc-editor.org/rfc/rfc9525#section-6.3",
        ],
    }
}

/// A request with the names it asks for.
struct Made<'a> {
    request: Request<'a>,
    hosts: HostSet,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut made: BTreeMap<&str, Vec<Made<'_>>> = BTreeMap::new();
    for request in requests(snapshot).filter(|request| !request.object.view.is_fragment()) {
        let Some((secret, _)) = request.secret else { continue };
        let names = request.dns_names.iter().chain(&request.addresses).map(|(name, _)| *name);
        let hosts = names.collect();
        made.entry(secret).or_default().push(Made { request, hosts });
    }
    if made.is_empty() {
        return;
    }
    for endpoint in endpoints(snapshot).filter(|endpoint| endpoint.host != "*") {
        let candidates = made.get(endpoint.secret.name).into_iter().flatten().take(NAMESAKES);
        let candidates: Vec<_> = candidates
            .filter(|made| {
                let namespace = made.request.namespace();
                namespaces_agree(namespace, endpoint.secret.namespace)
            })
            .collect();
        // A wildcard listener is served well by certificates for hosts below it.
        if !candidates.is_empty() && !candidates.iter().any(|made| made.hosts.meets(endpoint.host))
        {
            tell(&endpoint, &candidates, out);
        }
    }
}

fn tell(endpoint: &Endpoint<'_>, made: &[&Made<'_>], out: &mut SnapshotSink<'_>) {
    let Some(first) = made.first() else { return };
    let names = first.request.dns_names.iter().chain(&first.request.addresses);
    if names.clone().any(|(name, _)| !is_plain(name)) {
        return;
    }
    let listed: Vec<_> =
        names.clone().take(LISTED).map(|(name, _)| format!("`{}`", Shown(name))).collect();
    let listed = match names.count().checked_sub(LISTED) {
        _ if listed.is_empty() => "it has none".to_owned(),
        Some(more) if more > 0 => format!("{} and {more} more", listed.join(", ")),
        _ => listed.join(", "),
    };
    let message = format!(
        "host `{}` of {} is not among the names of {}: {listed}",
        Shown(endpoint.host),
        endpoint.object.view.display(),
        first.request.object.view.display(),
    );
    let finding = out
        .report(endpoint.object.source(), endpoint.host_node.span(), message)
        .object(endpoint.object.path())
        .evidence(endpoint.host);
    if first.request.namespace().is_none() || endpoint.secret.namespace.is_none() {
        finding.confidence(Confidence::Medium);
    }
    for made in made.iter().take(LISTED) {
        finding.related(made.request.object.source(), made.request.span(), "the certificate");
    }
}

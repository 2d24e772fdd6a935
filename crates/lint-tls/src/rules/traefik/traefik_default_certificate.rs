use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::endpoints::endpoints;
use crate::ingress::{HostSet, is_plain};
use crate::names::Shown;
use crate::traefik::{hosts, passes_through, routers};

/// How Traefik gets certificates for routers that name none: a store, files, or a resolver of the
/// entry point.
const DEFAULTS: &[&str] = &[
    "defaultCertificate",
    "defaultGeneratedCert",
    "tls.certresolver",
    "tls.certResolver",
    "certFile",
    "TLSStore",
    "tlsStore",
];

rule! {
    /// TLS is on for the router and nothing says with which certificate: no `secretName`, no
    /// `certResolver`, no TLSStore with a default, and no Secret of another router for the same
    /// host. Traefik then serves `TRAEFIK DEFAULT CERT`, which it signed itself and makes anew at
    /// each start; every client refuses it.
    ///
    /// It is fine where another repository configures Traefik with a store or a resolver on the
    /// entry point. A setting for one of these anywhere in this repository is enough to be silent.
    ///
    /// ```yaml bad
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   entryPoints: [websecure]
    ///   routes:
    ///   - match: Host(`shop.example.com`)
    ///     kind: Rule
    ///     services: [{name: web, port: 80}]
    ///   tls: {}
    /// #      ^^ host `shop.example.com` of IngressRoute `shop/web` gets Traefik's default certificate: nothing names another
    /// ```
    /// ```yaml good
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   routes:
    ///   - match: Host(`shop.example.com`) && PathPrefix(`/api`)
    ///     kind: Rule
    ///     services: [{name: web, port: 80}]
    ///   tls: {}
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: rest, namespace: shop}
    /// spec:
    ///   routes:
    ///   - match: Host(`shop.example.com`)
    ///     kind: Rule
    ///     services: [{name: rest, port: 80}]
    ///   tls: {secretName: web-tls}
    /// ```
    /// ```yaml good file=web.yaml
    /// apiVersion: traefik.io/v1alpha1
    /// kind: IngressRoute
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   routes:
    ///   - match: Host(`shop.example.com`)
    ///     kind: Rule
    ///     services: [{name: web, port: 80}]
    ///   tls: {}
    /// ```
    /// ```yaml good file=store.yaml
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSStore
    /// metadata: {name: default, namespace: edge}
    /// spec:
    ///   defaultCertificate: {secretName: wildcard}
    /// ```
    pub(crate) static RULE: Check = {
        id: "traefik-default-certificate",
        summary: "Traefik serves its self-signed default certificate",
        remedy: "Name a Secret as `secretName` or a `certResolver`, or give the default TLSStore a certificate.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        controls: &[control::TLS_VALID],
        references: &["https://doc.traefik.io/traefik/https/tls/#default-certificate"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known: Option<HostSet> = None;
    for (object, tls) in routers(snapshot) {
        let says = ["secretName", "certResolver", "domains", "store"];
        if passes_through(tls) || says.iter().any(|name| field(tls, name).is_some()) {
            continue;
        }
        let Some((host, _)) = hosts(object.view).find(|(host, _)| *host != "*" && is_plain(host))
        else {
            continue;
        };
        if known.is_none() && has_default(snapshot) {
            return;
        }
        let known = known
            .get_or_insert_with(|| endpoints(snapshot).map(|endpoint| endpoint.host).collect());
        if known.lists(host) {
            continue;
        }
        let message = format!(
            "host `{}` of {} gets Traefik's default certificate: nothing names another",
            Shown(host),
            object.view.display()
        );
        out.report(object.source(), tls.span(), message)
            .object(object.path())
            .field("spec.tls")
            .evidence(host);
    }
}

fn has_default(snapshot: &Snapshot) -> bool {
    let mut texts = snapshot.files().iter().map(|file| file.source.text());
    texts.any(|text| DEFAULTS.iter().any(|name| text.contains(name)))
}

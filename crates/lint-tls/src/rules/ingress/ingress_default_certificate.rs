use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::ingress::{class, ends_elsewhere, is_ingress, is_plain, rule_hosts, tls};
use crate::names::Shown;

/// How controllers are told of a default certificate: arguments, values of Helm charts, objects.
const DEFAULTS: &[&str] = &[
    "default-ssl-certificate",
    "default-server-tls-secret",
    "wildcard-tls-secret",
    "defaultTLS",
    "wildcardTLS",
    "TLSStore",
    "tlsStore",
];
/// Classes whose load balancers find certificates by the host.
const FINDS: &[&str] = &["alb", "gce", "gce-internal", "openshift-default"];

rule! {
    /// An entry of `spec.tls` without `secretName` has the controller use its default
    /// certificate. Where none is configured, that is one the controller signed itself
    /// ("Kubernetes Ingress Controller Fake Certificate", "TRAEFIK DEFAULT CERT"), which every
    /// client refuses. cert-manager does nothing for such an entry either.
    ///
    /// It is fine where the controller has a default certificate that covers the host. A setting
    /// for it anywhere in the repository is enough to be silent; load balancers of clouds that
    /// find certificates by host are not meant.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ingressClassName: public
    ///   tls:
    ///   - hosts: [shop.example.com]
    /// #           ^^^^^^^^^^^^^^^^ host `shop.example.com` of Ingress `shop/web` gets the controller's default certificate: its entry of `spec.tls` has no `secretName`
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    /// ```yaml good file=web.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    /// ```yaml good file=controller.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: controller, namespace: edge}
    /// spec:
    ///   containers:
    ///   - name: controller
    ///     image: example.com/ingress:1
    ///     args: [--default-ssl-certificate=edge/wildcard]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   ingressClassName: alb
    ///   tls:
    ///   - hosts: [shop.example.com]
    ///   rules:
    ///   - host: shop.example.com
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-default-certificate",
        summary: "TLS of an Ingress names no Secret",
        remedy: "Name the Secret with the host's certificate as `secretName`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#default-ssl-certificate",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut configured = None;
    for ingress in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let view = ingress.view;
        if ends_elsewhere(view) || class(view).is_some_and(|class| FINDS.contains(&class)) {
            continue;
        }
        for entry in tls(view).filter(|entry| !entry.has_secret()) {
            let hosts = entry.hosts().chain(rule_hosts(view));
            let Some((host, node)) = hosts.into_iter().find(|(host, _)| is_plain(host)) else {
                continue;
            };
            if *configured.get_or_insert_with(|| has_default(snapshot)) {
                return;
            }
            let message = format!(
                "host `{}` of {} gets the controller's default certificate: its entry of `spec.tls` has no `secretName`",
                Shown(host),
                view.display()
            );
            out.report(ingress.source(), node.span(), message)
                .object(ingress.path())
                .field("spec.tls")
                .evidence(host);
        }
    }
}

fn has_default(snapshot: &Snapshot) -> bool {
    let texts = snapshot.files().iter().map(|file| file.source.text());
    texts.into_iter().any(|text| DEFAULTS.iter().any(|name| text.contains(name)))
}

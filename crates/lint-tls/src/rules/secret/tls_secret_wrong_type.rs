use std::collections::BTreeSet;

use careen_kube_model::Secret;
use careen_model::{Context, Snapshot, namespaces_agree};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::endpoints::endpoints;

rule! {
    /// Ingress controllers and gateways read `tls.crt` and `tls.key` of a Secret of type
    /// `kubernetes.io/tls`. Many take an Opaque one as well, but the API server then no longer checks
    /// that both keys are there, the Gateway API allows an implementation to refuse it, and whoever
    /// lists TLS Secrets by type, to renew or to watch them, does not see this one. The type cannot
    /// be changed later: the Secret must be deleted and made again, with an outage between.
    ///
    /// It is fine for a Secret that something other than an ingress controller or a gateway reads.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// #                ^^^^^^^ Secret `shop/web-tls` of type Opaque serves Ingress `shop/web`, which wants kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "tls-secret-wrong-type",
        summary: "Secret that serves TLS is not of type kubernetes.io/tls",
        remedy: "Make the Secret anew with `type: kubernetes.io/tls`.",
        severity: Low,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets",
            "https://gateway-api.sigs.k8s.io/reference/spec/#gatewaytlsconfig",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut told = BTreeSet::new();
    for endpoint in endpoints(snapshot) {
        // Istio documents Opaque Secrets.
        if endpoint.object.view.group() == "networking.istio.io" {
            continue;
        }
        let name = endpoint.secret.name;
        for object in snapshot.named("Secret", endpoint.secret.namespace, name) {
            let Some(secret) = Secret::of(object.view) else { continue };
            let opaque = secret.secret_type() == "Opaque";
            let both = secret.entry("tls.crt").is_some() && secret.entry("tls.key").is_some();
            let near = namespaces_agree(object.view.namespace(), endpoint.secret.namespace);
            let place = (object.source().path(), object.index);
            if !opaque || !both || !near || !told.insert(place) {
                continue;
            }
            let message = format!(
                "{} of type Opaque serves {}, which wants kubernetes.io/tls",
                object.view.display(),
                endpoint.object.view.display()
            );
            let span = secret.type_node().map_or_else(|| object.view.name_span(), |it| it.span());
            let finding = out.report(object.source(), span, message);
            finding.object(object.path()).field("type");
            let source = endpoint.object.source();
            finding.related(source, endpoint.secret.node.span(), "it is named here");
        }
    }
}

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{ISSUERS, Issuer, IssuerRef, Request, requests};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// An Issuer serves its own namespace only, a ClusterIssuer all of them, and `issuerRef.kind`
    /// is `Issuer` where nothing is said. cert-manager looks in that one place: with the wrong kind
    /// or namespace it finds nothing, and the Certificate is never issued.
    ///
    /// It is never fine, unless an issuer of that name also exists outside of the repository.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef:
    ///     name: internal
    /// #         ^^^^^^^^ issuer `internal` of Certificate `shop/web` is a ClusterIssuer, but an Issuer is asked for
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/issuer: team
    /// #                           ^^^^ Issuer `team` of Ingress `shop/api` is in namespace `platform`, and serves that one only
    /// spec:
    ///   tls: [{hosts: [api.example.com], secretName: api-tls}]
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: internal}
    /// spec:
    ///   ca: {secretName: ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Issuer
    /// metadata: {name: team, namespace: platform}
    /// spec:
    ///   ca: {secretName: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef:
    ///     kind: AWSPCAClusterIssuer
    /// #         ^^^^^^^^^^^^^^^^^^^ issuer kind `AWSPCAClusterIssuer` of Certificate `shop/web` is none of cert-manager's own: `group` is missing
    ///     name: private
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {kind: ClusterIssuer, name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: internal}
    /// spec:
    ///   ca: {secretName: ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {group: awspca.cert-manager.io, kind: AWSPCAClusterIssuer, name: private}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-issuer-wrong-scope",
        summary: "issuer is of another kind or in another namespace than it is looked for",
        remedy: "Name the issuer with its own kind, and an Issuer only from its own namespace.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/concepts/issuer/#namespaces",
            "https://cert-manager.io/docs/reference/api-docs/#meta.cert-manager.io/v1.IssuerReference",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for request in requests(snapshot) {
        if let Some(reference) = request.issuer.filter(|each| each.is_own() && each.is_plain()) {
            judge(snapshot, &request, &reference, out);
        }
    }
}

fn judge(
    snapshot: &Snapshot,
    request: &Request<'_>,
    reference: &IssuerRef<'_>,
    out: &mut SnapshotSink<'_>,
) {
    let (name, node) = reference.name;
    let by = request.object.view.display();
    if !ISSUERS.contains(&reference.kind) {
        let Some(kind) = reference.kind_node else { return };
        let why = if reference.group.is_empty() { ": `group` is missing" } else { "" };
        let message = format!(
            "issuer kind `{}` of {by} is none of cert-manager's own{why}",
            Shown(reference.kind)
        );
        request.report(out, kind.span(), message).field("spec.issuerRef.kind").evidence(name);
        return;
    }
    let namespace = request.namespace();
    let named = |kind: &str, namespace: Option<&str>| first(snapshot, kind, namespace, name);
    let (found, message) = if reference.kind == "Issuer" {
        if named("Issuer", namespace).is_some() {
            return;
        }
        if let Some(cluster) = named("ClusterIssuer", None) {
            let what = "is a ClusterIssuer, but an Issuer is asked for";
            (cluster, format!("issuer `{}` of {by} {what}", Shown(name)))
        } else if let Some(other) = named("Issuer", None) {
            // A variable may be the right namespace.
            let variable =
                |issuer: ObjectRef<'_>| !is_plain(issuer.view.namespace().unwrap_or("a"));
            if snapshot.named("Issuer", None, name).any(variable) {
                return;
            }
            let there = Shown(other.view.namespace().unwrap_or_default());
            let what = format!("is in namespace `{there}`, and serves that one only");
            (other, format!("{reference} of {by} {what}"))
        } else {
            return;
        }
    } else {
        if named("ClusterIssuer", None).is_some() {
            return;
        }
        let Some(other) = named("Issuer", None) else { return };
        let what = "is an Issuer, but a ClusterIssuer is asked for";
        (other, format!("issuer `{}` of {by} {what}", Shown(name)))
    };
    request.report(out, node.span(), message).field("spec.issuerRef").evidence(name).related(
        found.source(),
        found.view.name_span(),
        "the issuer of that name",
    );
}

fn first<'s>(
    snapshot: &'s Snapshot,
    kind: &str,
    namespace: Option<&str>,
    name: &str,
) -> Option<ObjectRef<'s>> {
    snapshot.named(kind, namespace, name).find(|object| Issuer::of(*object).is_some())
}

use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{requests, versions};

/// The first release that makes a new key for each certificate by default.
const ROTATES: (u32, u32) = (1, 18);

rule! {
    /// With `rotationPolicy: Never` each renewal gets a certificate for the same old key. A key that
    /// was read once, in a backup, a log or a Secret that somebody could see, is good for as long as
    /// the service lives, and short certificates help nobody. cert-manager makes a new key for each
    /// certificate by default since 1.18; older releases kept the key where nothing was said.
    ///
    /// It is fine where something outside pins the public key, such as a TLSA record or a client
    /// with key pinning, if the key is exchanged by a plan of its own. The key of a CA is kept by
    /// many on purpose, and is told with a lower severity.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   privateKey:
    ///     rotationPolicy: Never
    /// #                   ^^^^^ Certificate `shop/web` keeps its private key at every renewal
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ Certificate `shop/web` keeps its private key at every renewal, as cert-manager 1.17 does by default
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: {name: cert-manager, namespace: cert-manager}
    /// spec:
    ///   chart:
    ///     spec: {chart: cert-manager, version: v1.17.2}
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: argoproj.io/v1alpha1
    /// kind: Application
    /// metadata: {name: cert-manager, namespace: argocd}
    /// spec:
    ///   destination: {namespace: cert-manager}
    ///   source: {chart: cert-manager, targetRevision: 1.20.x}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-rotation-policy-never",
        summary: "private key is kept at every renewal",
        remedy: "Set `privateKey.rotationPolicy: Always`.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::CREDENTIAL_ROTATION],
        security: true,
        cwe: &[324],
        references: &["https://cert-manager.io/docs/usage/certificate/#configuring-private-key-rotation"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut newest = None;
    for request in requests(snapshot) {
        let by = request.object.view.display();
        let (span, message, mut severity) = match request.rotation_policy {
            Some(("Never", node)) => {
                let message = format!("{by} keeps its private key at every renewal");
                (node.span(), message, Severity::Medium)
            }
            Some(_) => continue,
            None => {
                // Of several versions the newest decides: the others may stand in a history.
                let newest = newest.get_or_insert_with(|| versions(snapshot).into_iter().max());
                let Some((major, minor)) = newest.filter(|newest| *newest < ROTATES) else {
                    continue;
                };
                let message = format!(
                    "{by} keeps its private key at every renewal, as cert-manager {major}.{minor} does by default"
                );
                (request.object.view.name_span(), message, Severity::Low)
            }
        };
        if request.is_ca {
            severity = Severity::Low;
        }
        request
            .report(out, span, message)
            .field("spec.privateKey.rotationPolicy")
            .severity(severity);
    }
}

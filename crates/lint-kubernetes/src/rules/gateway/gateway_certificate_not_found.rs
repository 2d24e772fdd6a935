use std::collections::HashSet;

use careen_kube_model::Labels;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::{LISTENING, is_listening, listeners};
use crate::relations::Providers;

rule! {
    /// A listener whose certificate is in a Secret that nothing supplies is not put into service:
    /// every TLS connection to it fails. cert-manager can supply the Secret, by a Certificate or
    /// by an annotation of the Gateway. It is fine where somebody puts the Secret into the
    /// cluster; a repository that supplies no Secret at all is not judged.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: edge
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls: {certificateRefs: [{name: shop-tls}]}
    /// #                                  ^^^^^^^^ listener `https` of Gateway `infra/edge` needs Secret `shop-tls`, which nothing in the repository supplies
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: shop, namespace: shop}
    /// spec: {secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: {name: a}}
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
    ///     tls: {certificateRefs: [{name: shop-tls}]}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: shop, namespace: infra}
    /// spec: {secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: {name: a}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-certificate-not-found",
        summary: "listener needs a certificate that nothing supplies",
        remedy: "Supply the Secret in the Gateway's namespace, such as by a Certificate of cert-manager.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        aliases: &["gateway-certificate-ref-missing"],
        controls: &[control::TLS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/guides/tls/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let (mut secrets, mut copied) = (None, None);
    let holders = LISTENING.iter().flat_map(|kind| snapshot.of_kind(kind));
    for holder in holders.filter(|object| is_listening(object.view)) {
        let view = holder.view;
        let makes = |key: &str| key.starts_with("cert-manager.io/");
        if view.annotations().iter().any(|annotation| makes(annotation.key)) {
            continue;
        }
        for listener in listeners(view) {
            for target in listener.certificates().filter(|target| target.is("", "Secret")) {
                let secrets = secrets.get_or_insert_with(|| Providers::of_secrets(snapshot));
                let namespace = target.namespace_from(view);
                if secrets.is_empty() || secrets.has(namespace, target.name) {
                    continue;
                }
                let message = format!(
                    "{} needs Secret `{}`, which nothing in the repository supplies",
                    listener.display(),
                    target.name
                );
                let is_elsewhere = secrets.has(None, target.name)
                    && !copied.get_or_insert_with(|| copies(snapshot)).contains(target.name);
                let (message, severity, confidence) = if is_elsewhere {
                    let own = namespace.unwrap_or_default();
                    let message = format!("{message} in namespace `{own}`");
                    (message, Severity::High, Confidence::Medium)
                } else {
                    (message, Severity::Low, Confidence::Low)
                };
                out.report(holder.source(), target.name_node.span(), message)
                    .object(holder.path())
                    .severity(severity)
                    .confidence(confidence)
                    .evidence(target.name);
            }
        }
    }
}

/// Names of Secrets that something copies into other namespaces.
fn copies(snapshot: &Snapshot) -> HashSet<&str> {
    let copies = |node: Option<Node<'_>>| {
        Labels::new(node).iter().any(|annotation| {
            ["reflector", "replicator", "kubed"].iter().any(|tool| annotation.key.contains(tool))
        })
    };
    let secrets = snapshot
        .of_kind("Secret")
        .filter(|object| copies(object.view.at(&["metadata", "annotations"])));
    let certificates = snapshot.of_kind("Certificate").filter_map(|object| {
        copies(object.view.at(&["spec", "secretTemplate", "annotations"]))
            .then(|| object.view.at(&["spec", "secretName"])?.text())?
    });
    secrets.map(|object| object.view.name()).chain(certificates).collect()
}

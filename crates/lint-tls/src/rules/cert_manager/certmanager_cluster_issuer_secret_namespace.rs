use std::collections::BTreeMap;

use careen_kube_model::present;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::cert_manager::{Issuer, Text, all_issuers, cluster_namespaces, is_certificate};
use crate::endpoints::named;
use crate::ingress::is_plain;
use crate::names::Shown;

/// Kinds of objects that are Secrets or make one of their own name.
const MAKERS: &[&str] = &["ExternalSecret", "SealedSecret", "Secret"];

rule! {
    /// A ClusterIssuer belongs to no namespace, so it looks for its Secrets in one fixed one: that
    /// of cert-manager, or the one of `--cluster-resource-namespace`. A Secret with an API token or
    /// a CA in any other namespace is not found: the issuer is not ready, or each DNS-01 challenge
    /// fails with `secret … not found`.
    ///
    /// It is fine where a Secret of that name is also made in cert-manager's namespace by something
    /// that is not in the repository.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers:
    ///     - dns01:
    ///         cloudflare:
    ///           apiTokenSecretRef:
    ///             key: token
    ///             name: cloudflare
    /// #                 ^^^^^^^^^^ Secret `cloudflare` of ClusterIssuer `letsencrypt` is defined in namespace `shop`, but looked for in `cert-manager`
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: {name: cloudflare, namespace: shop}
    /// spec:
    ///   secretStoreRef: {kind: ClusterSecretStore, name: vault}
    ///   data: [{secretKey: token, remoteRef: {key: cloudflare}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: letsencrypt}
    /// spec:
    ///   acme:
    ///     server: https://acme-v02.api.letsencrypt.org/directory
    ///     privateKeySecretRef: {name: account}
    ///     solvers:
    ///     - dns01: {cloudflare: {apiTokenSecretRef: {key: token, name: cloudflare}}}
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: {name: cloudflare, namespace: cert-manager}
    /// spec:
    ///   secretStoreRef: {kind: ClusterSecretStore, name: vault}
    ///   data: [{secretKey: token, remoteRef: {key: cloudflare}}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: ClusterIssuer
    /// metadata: {name: internal}
    /// spec:
    ///   ca: {secretName: root-ca}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: root, namespace: pki}
    /// spec:
    ///   secretName: root-ca
    ///   isCA: true
    ///   commonName: Shop Root
    ///   issuerRef: {kind: ClusterIssuer, name: selfsigned}
    /// ---
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: {name: cert-manager, namespace: pki}
    /// spec:
    ///   chart:
    ///     spec: {chart: cert-manager, version: v1.20.0}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-cluster-issuer-secret-namespace",
        summary: "Secret of a ClusterIssuer is in a namespace where it is not looked for",
        remedy: "Define the Secret in the namespace of cert-manager, or use an Issuer.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/configuration/#cluster-resource-namespace"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut cluster = None;
    let mut made = None;
    for issuer in all_issuers(snapshot).filter(Issuer::is_cluster_wide) {
        for (name, node) in secrets(&issuer) {
            let (mut first, mut there) = (None, false);
            let cluster = cluster.get_or_insert_with(|| cluster_namespaces(snapshot));
            let made = made.get_or_insert_with(|| made_by_certificates(snapshot));
            let of_name = MAKERS.iter().flat_map(|kind| snapshot.named(kind, None, name));
            let made = made.get(name).into_iter().flatten().copied();
            for maker in of_name.chain(made).filter(|maker| !maker.view.is_fragment()) {
                let namespace = maker.view.namespace().filter(|name| is_plain(name));
                there |= namespace.is_none_or(|namespace| cluster.contains(namespace));
                if there {
                    break;
                }
                first = first.or(Some(maker));
            }
            let Some(maker) = first.filter(|_| !there) else { continue };
            let message = format!(
                "Secret `{}` of {} is defined in namespace `{}`, but looked for in `{}`",
                Shown(name),
                issuer.view().display(),
                Shown(maker.view.namespace().unwrap_or_default()),
                Shown(cluster.first().copied().unwrap_or_default())
            );
            out.report(issuer.object.source(), node.span(), message)
                .object(issuer.object.path())
                .evidence(name)
                .related(maker.source(), maker.view.name_span(), "the Secret");
        }
    }
}

/// The Secrets that an issuer reads; the key of its account it makes itself.
fn secrets<'a>(issuer: &Issuer<'a>) -> Vec<Text<'a>> {
    let mut found: Vec<_> = issuer.ca_secret().into_iter().collect();
    let nodes = issuer.view().spec().into_iter().flat_map(|spec| spec.walk());
    for visit in nodes {
        for entry in visit.node.entries() {
            let key = entry.name().unwrap_or_default();
            let reference = key.ends_with("SecretRef") || key == "secretRef";
            if reference && key != "privateKeySecretRef" && present(entry.value).is_some() {
                found.extend(named(entry.value, &["name"]));
            }
        }
    }
    found.retain(|(name, _)| is_plain(name));
    found
}

/// The Certificates of the repository, by the Secrets they write.
fn made_by_certificates(snapshot: &Snapshot) -> BTreeMap<&str, Vec<ObjectRef<'_>>> {
    let mut made: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for certificate in snapshot.of_kind("Certificate").filter(|each| is_certificate(each.view)) {
        if let Some((secret, _)) = named(certificate.view.root(), &["spec", "secretName"]) {
            made.entry(secret).or_default().push(certificate);
        }
    }
    made
}

use std::collections::HashSet;

use careen_kube_model::{ReferenceKind, references, refs::Via};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, Providers, Workloads};

rule! {
    /// A credential that a store of secrets hands out can be changed, revoked and traced in one
    /// place. One that stands in a manifest, or that somebody once made with `kubectl`, cannot. The
    /// rule looks at the Secrets that pods use and tells once each that comes from neither.
    ///
    /// What counts: ExternalSecret, SealedSecret, the objects of Vault's, 1Password's, Infisical's,
    /// Doppler's and other operators, SecretProviderClass, Secrets encrypted with SOPS, those whose
    /// values are references (`vault:`, `<path:…>`) or are filled in by a controller, and what the
    /// operators of databases, cert-manager and Crossplane make. Pull secrets and optional ones are
    /// left out. Must be asked for: a platform may put Secrets into the namespaces of its teams.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web, namespace: shop}
    /// stringData: {mode: production}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         envFrom:
    ///         - secretRef: {name: web}
    /// #                           ^^^ container `web` in Deployment `shop/web` uses Secret `web`, whose values stand in the repository
    ///         env:
    ///         - name: MAIL_TOKEN
    ///           valueFrom: {secretKeyRef: {name: mail, key: token}}
    /// #                                          ^^^^ container `web` in Deployment `shop/web` uses Secret `mail`, which no store of secrets supplies
    /// ```
    /// ```yaml good
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretStoreRef: {name: vault, kind: SecretStore}
    ///   dataFrom:
    ///   - extract: {key: shop/web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         envFrom:
    ///         - secretRef: {name: web}
    /// ```
    pub(crate) static RULE: Check = {
        id: "secret-not-from-store",
        summary: "pod uses a secret that no store of secrets supplies",
        remedy: "Let an ExternalSecret, a SealedSecret, SOPS or the operator of a store supply it.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        security: true,
        cwe: &[522],
        controls: &[control::SECRETS_IN_VAULT],
        references: &["https://kubernetes.io/docs/concepts/security/secrets-good-practices/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let stored = Providers::from_stores(snapshot);
    let plain = Names::of(snapshot, &[("", "Secret")]);
    let mut told = HashSet::new();
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        for found in references(workload.pod) {
            let name = found.name;
            if found.kind != ReferenceKind::Secret
                || found.optional
                || found.via == Via::ImagePull
                || stored.has(view.namespace(), name)
                || !told.insert((view.namespace(), name))
            {
                continue;
            }
            let who = match found.container {
                Some(container) => container.display().to_string(),
                None => view.display().to_string(),
            };
            let own = plain.all("Secret", view.namespace(), name).next();
            let why = match own {
                Some(_) => "whose values stand in the repository",
                None => "which no store of secrets supplies",
            };
            let message = format!("{who} uses Secret `{name}`, {why}");
            let finding = out.report(workload.object.source(), found.span, message);
            finding.object(workload.object.path()).evidence(name);
            if let Some(own) = own {
                finding.related(own.source(), own.view.name_span(), "the Secret is here");
            }
        }
    }
}

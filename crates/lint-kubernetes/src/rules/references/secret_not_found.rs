use careen_kube_model::{ReferenceKind, references, refs::Via};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Providers, Workloads};

rule! {
    /// A container whose Secret does not exist is not started. Secrets often and rightly are not
    /// in the repository; but a repository that declares some of them, sealed or as a reference to
    /// a secret store, should declare all it needs. One that declares none is not judged, and
    /// references marked `optional` are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     volumeMounts:
    ///     - {name: keys, mountPath: /keys, readOnly: true}
    ///   volumes:
    ///   - name: keys
    ///     secret:
    ///       secretName: web-key
    /// #                 ^^^^^^^ Pod `web` needs Secret `web-key`, which nothing in the repository supplies
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata:
    ///   name: web-keys
    /// spec:
    ///   secretStoreRef: {name: vault, kind: SecretStore}
    ///   dataFrom:
    ///   - extract: {key: shop/web}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     volumeMounts:
    ///     - {name: keys, mountPath: /keys, readOnly: true}
    ///   volumes:
    ///   - name: keys
    ///     secret:
    ///       secretName: web-key
    /// ---
    /// apiVersion: external-secrets.io/v1
    /// kind: ExternalSecret
    /// metadata:
    ///   name: web
    /// spec:
    ///   secretStoreRef: {name: vault, kind: SecretStore}
    ///   target: {name: web-key}
    ///   dataFrom:
    ///   - extract: {key: shop/web}
    /// ```
    pub(crate) static RULE: Check = {
        id: "secret-not-found",
        summary: "pod needs a secret that nothing supplies",
        remedy: "Supply the Secret, such as by an ExternalSecret or SealedSecret, or correct the name.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        peers: &["kube-linter:env-value-from"],
        controls: &[control::ENV_CONFIGURED, control::SECRETS_IN_VAULT],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let secrets = Providers::of_secrets(snapshot);
    if secrets.is_empty() {
        return;
    }
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        for found in references(workload.pod) {
            let name = found.name;
            // A pull secret is usually put into the namespace by whoever runs the cluster.
            if found.kind != ReferenceKind::Secret
                || found.optional
                || found.via == Via::ImagePull
                || secrets.has(view.namespace(), name)
            {
                continue;
            }
            let who = match found.container {
                Some(container) => container.display().to_string(),
                None => view.display().to_string(),
            };
            let message =
                format!("{who} needs Secret `{name}`, which nothing in the repository supplies");
            out.report(workload.object.source(), found.span, message)
                .object(workload.object.path())
                .evidence(name);
        }
    }
}

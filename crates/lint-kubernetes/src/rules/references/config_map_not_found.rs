use careen_kube_model::{ReferenceKind, references};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Providers, Workloads};

rule! {
    /// A container whose ConfigMap does not exist is not started (`CreateContainerConfigError`),
    /// and a pod whose volume's ConfigMap does not exist waits for ever. References marked
    /// `optional` are left alone; what kustomize generates counts as there.
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
    ///     envFrom:
    ///     - configMapRef:
    ///         name: web-setings
    /// #             ^^^^^^^^^^^ container `web` in Pod `web` needs ConfigMap `web-setings`, which is not in the repository
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web-settings
    /// data: {LOG_LEVEL: info}
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
    ///     envFrom:
    ///     - configMapRef:
    ///         name: web-settings
    ///     - configMapRef:
    ///         name: web-generated
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web-settings
    /// data: {LOG_LEVEL: info}
    /// ---
    /// apiVersion: kustomize.config.k8s.io/v1beta1
    /// kind: Kustomization
    /// configMapGenerator:
    /// - name: web-generated
    ///   literals: [COLOUR=blue]
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-map-not-found",
        summary: "pod needs a config map that does not exist",
        remedy: "Add the ConfigMap, correct the name, or mark the reference `optional`.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["env-source-not-found"],
        peers: &["kube-linter:env-value-from"],
        controls: &[control::ENV_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/configuration/configmap/"],
    }
}

/// What the cluster itself puts into every namespace.
const BUILT_IN: [&str; 3] = ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"];

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let maps = Providers::of_config_maps(snapshot);
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        for found in references(workload.pod) {
            let name = found.name;
            if found.kind != ReferenceKind::ConfigMap
                || found.optional
                || BUILT_IN.contains(&name)
                || maps.has(view.namespace(), name)
            {
                continue;
            }
            let who = match found.container {
                Some(container) => container.display().to_string(),
                None => view.display().to_string(),
            };
            let message = format!("{who} needs ConfigMap `{name}`, which is not in the repository");
            let finding = out.report(workload.object.source(), found.span, message);
            finding.object(workload.object.path()).evidence(name);
            // Where no ConfigMap is declared at all, they come from elsewhere.
            if maps.is_empty() {
                finding.severity(Severity::Low).confidence(Confidence::Low);
            }
        }
    }
}

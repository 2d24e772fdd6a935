use careen_kube_model::ReferenceKind;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::keys;

rule! {
    /// A container that takes a variable from a key that its ConfigMap does not have is not started
    /// (`CreateContainerConfigError`), and a volume that asks for such a key is not mounted.
    /// Usually the key was renamed on one side. A ConfigMap without any key is not judged.
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
    ///     env:
    ///     - name: LOG_LEVEL
    ///       valueFrom:
    ///         configMapKeyRef: {name: web-settings, key: log_level}
    /// #                                                  ^^^^^^^^^ container `web` in Pod `web` needs key `log_level` of ConfigMap `web-settings`
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
    ///     env:
    ///     - name: LOG_LEVEL
    ///       valueFrom:
    ///         configMapKeyRef: {name: web-settings, key: LOG_LEVEL}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web-settings
    /// data: {LOG_LEVEL: info}
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-map-key-missing",
        summary: "pod needs a key that its config map lacks",
        remedy: "Ask for a key that the ConfigMap has, add the key, or mark the reference `optional`.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["kube-linter:env-value-from"],
        controls: &[control::ENV_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/configuration/configmap/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    keys::check(ReferenceKind::ConfigMap, snapshot, context, out);
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The plugin `NamespaceLifecycle` refuses objects in namespaces that do not exist or are being
    /// deleted, and keeps `default` and `kube-system` from being deleted. Without it, deleting a
    /// namespace may never end, and a wrong command can remove `kube-system`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --disable-admission-plugins=DefaultStorageClass,NamespaceLifecycle
    /// #                                                     ^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` lets objects into namespaces that go away
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --disable-admission-plugins=DefaultStorageClass
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-namespace-lifecycle",
        summary: "API server disables the plugin `NamespaceLifecycle`",
        remedy: "Remove `NamespaceLifecycle` from `--disable-admission-plugins`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_83",
            "trivy:KCV-0015",
            "kubescape:C-0126",
            "kics:namespace_lifecycle_admission_control_plugin_disabled",
        ],
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.disables("NamespaceLifecycle") {
        component.report(
            out,
            span,
            "disable-admission-plugins",
            "lets objects into namespaces that go away",
        );
    }
}

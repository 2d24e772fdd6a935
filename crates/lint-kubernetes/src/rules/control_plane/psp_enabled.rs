use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// PodSecurityPolicy was removed in Kubernetes 1.25, and with it the admission plugin. An API
    /// server that is told to enable it does not start. Peers that ask for the plugin mean clusters
    /// before that; its successor is Pod Security admission.
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
    ///     - --enable-admission-plugins=NodeRestriction,PodSecurityPolicy
    /// #                                                ^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` enables `PodSecurityPolicy`, which Kubernetes 1.25 removed
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
    ///     - --enable-admission-plugins=NodeRestriction
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-enabled",
        summary: "API server enables the removed PodSecurityPolicy plugin",
        remedy: "Remove `PodSecurityPolicy` from `--enable-admission-plugins` and label namespaces for Pod Security admission.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_84",
            "kubescape:C-0068",
            "kics:pod_security_policy_admission_control_plugin_not_set",
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-admission/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.enables("PodSecurityPolicy") {
        let what = "enables `PodSecurityPolicy`, which Kubernetes 1.25 removed, and does not start";
        component.report(out, span, "enable-admission-plugins", what);
    }
}

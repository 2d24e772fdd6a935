use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without TLS, everything that `kubectl exec`, `logs` and `port-forward` carry crosses the
    /// network in plain text, and so do the credentials of the API server.
    ///
    /// The flag is gone: a current API server always uses TLS and does not start when it is told
    /// otherwise.
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
    ///     - --kubelet-https=false
    /// #     ^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` talks to kubelets without TLS
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
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-kubelet-https",
        summary: "API server talks to kubelets without TLS",
        remedy: "Remove `--kubelet-https`.",
        severity: High,
        check: Check::Component(check),
        peers: &["checkov:CKV_K8S_71", "trivy:KCV-0004", "kics:kubelet_https_set_to_false"],
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.is_off("kubelet-https", true) {
        component.report(out, span, "kubelet-https", "talks to kubelets without TLS");
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The controller manager puts the authority of the API server into every namespace, from where
    /// pods mount it. Without it, pods cannot verify the API server, and clients that insist on it
    /// fail.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-controller-manager
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-controller-manager
    ///     image: registry.k8s.io/kube-controller-manager:v1.34.0
    ///     command:
    ///     - kube-controller-manager
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^ kube-controller-manager of Pod `kube-system/kube-controller-manager` does not give pods the authority of the API server
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-controller-manager
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-controller-manager
    ///     image: registry.k8s.io/kube-controller-manager:v1.34.0
    ///     command:
    ///     - kube-controller-manager
    ///     - --root-ca-file=/etc/kubernetes/pki/ca.crt
    /// ```
    pub(crate) static RULE: Check = {
        id: "controller-manager-root-ca",
        summary: "pods are not told the authority of the API server",
        remedy: "Set `--root-ca-file`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_111",
            "trivy:KCV-0037",
            "kubescape:C-0148",
            "kics:root_ca_file_not_defined",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ControllerManager) {
        return;
    }
    if let Some(span) = component.lacks("root-ca-file") {
        component.report(
            out,
            span,
            "root-ca-file",
            "does not give pods the authority of the API server",
        );
    }
}

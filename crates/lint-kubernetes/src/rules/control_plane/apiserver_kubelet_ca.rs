use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without a certificate authority for kubelets, the API server takes any certificate. Whoever
    /// gets between it and a node can read and change what `kubectl exec`, `logs` and
    /// `port-forward` carry.
    ///
    /// It needs kubelets with certificates of that authority: see `serverTLSBootstrap` of the
    /// kubelet.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not verify the certificates of kubelets
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
    ///     - --kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-kubelet-ca",
        summary: "API server does not verify the certificates of kubelets",
        remedy: "Set `--kubelet-certificate-authority` to the authority that signs the certificates of kubelets.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_73",
            "trivy:KCV-0006",
            "kubescape:C-0117",
            "kics:kubelet_certificate_authority_not_set",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.lacks("kubelet-certificate-authority") {
        component.report(
            out,
            span,
            "kubelet-certificate-authority",
            "does not verify the certificates of kubelets",
        );
    }
}

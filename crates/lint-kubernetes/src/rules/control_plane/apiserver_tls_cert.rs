use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without a certificate the API server signs one itself at its start. No client can verify it,
    /// so that clients are told to skip verification, and then anybody can pose as the API server.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` signs its own serving certificate
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
    ///     - --tls-cert-file=/etc/kubernetes/pki/apiserver.crt
    ///     - --tls-private-key-file=/etc/kubernetes/pki/apiserver.key
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-tls-cert",
        summary: "API server signs its own serving certificate",
        remedy: "Set `--tls-cert-file` and `--tls-private-key-file`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_100",
            "trivy:KCV-0027",
            "kubescape:C-0138",
            "kics:tls_connection_certificate_not_setup",
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
    let flags = ["tls-cert-file", "tls-private-key-file"];
    if let Some((span, flag)) =
        flags.into_iter().find_map(|flag| Some((component.lacks(flag)?, flag)))
    {
        component.report(out, span, flag, "signs its own serving certificate");
    }
}

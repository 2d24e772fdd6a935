use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without the authority that signed the certificate of etcd, the API server cannot tell etcd
    /// from something that poses as it and would be sent every Secret.
    ///
    /// It is fine where etcd has a certificate of an authority that the image knows.
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not know the authority of etcd
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
    ///     - --etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-etcd-ca",
        summary: "API server does not know the authority of etcd",
        remedy: "Set `--etcd-cafile`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_102",
            "trivy:KCV-0029",
            "kubescape:C-0140",
            "kics:etcd_client_certificate_file_not_defined",
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
    if let Some(span) = component.lacks("etcd-cafile") {
        component.report(out, span, "etcd-cafile", "does not know the authority of etcd");
    }
}

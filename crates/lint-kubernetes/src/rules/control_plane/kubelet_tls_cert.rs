use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Without a certificate and without `serverTLSBootstrap`, the kubelet signs its serving
    /// certificate itself. The API server cannot verify it then, and neither can whoever scrapes
    /// metrics: they skip verification, and anybody can pose as the node.
    ///
    /// Settings are read from a `KubeletConfiguration`, also inside a ConfigMap, from the command
    /// line of a kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// #     ^^^^^^^^^^^^^^^^^^^^ kubelet of KubeletConfiguration signs its own serving certificate
    /// rotateCertificates: true
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// serverTLSBootstrap: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-tls-cert",
        summary: "kubelet signs its own serving certificate",
        remedy: "Set `serverTLSBootstrap: true`, or `tlsCertFile` and `tlsPrivateKeyFile`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_148",
            "trivy:KCV-0088",
            "trivy:KCV-0089",
            "kubescape:C-0181",
            "kics:tls_connection_certificate_not_setup",
        ],
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if component.is_on("rotate-server-certificates", false).is_some() {
        return;
    }
    let flags = ["tls-cert-file", "tls-private-key-file"];
    if let Some((span, flag)) =
        flags.into_iter().find_map(|flag| Some((component.lacks(flag)?, flag)))
    {
        component.report(out, span, flag, "signs its own serving certificate");
    }
}

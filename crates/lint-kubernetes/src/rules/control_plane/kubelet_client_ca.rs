use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The kubelet tells the API server from others by its client certificate. Without an authority
    /// to check it against, it can only ask the API server about tokens, and serves nobody or
    /// everybody where that is off.
    ///
    /// kubeadm fills it in: a configuration beside one of kubeadm is not judged. Settings are read
    /// from a `KubeletConfiguration`, also inside a ConfigMap, from the command line of a kubelet,
    /// and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// #     ^^^^^^^^^^^^^^^^^^^^ kubelet of KubeletConfiguration knows no authority for client certificates
    /// authentication:
    ///   webhook:
    ///     enabled: true
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// authentication:
    ///   x509:
    ///     clientCAFile: /etc/kubernetes/pki/ca.crt
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-client-ca",
        summary: "kubelet knows no authority for client certificates",
        remedy: "Set `authentication.x509.clientCAFile`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_140",
            "trivy:KCV-0081",
            "kubescape:C-0174",
            "kubescape:C-0070",
            "kics:client_certificate_authentication_not_setup_properly",
        ],
        security: true,
        cwe: &[287],
        controls: &[control::TLS_ENABLED],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if let Some(span) = component.lacks("client-ca-file") {
        component.report(out, span, "client-ca-file", "knows no authority for client certificates");
    }
}

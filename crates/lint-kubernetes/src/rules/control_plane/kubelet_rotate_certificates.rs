use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The kubelet shows a client certificate to the API server that ends, after a year by default.
    /// Without rotation the node drops out of the cluster that day, and often all nodes on the same
    /// day.
    ///
    /// It is fine where the kubelet authenticates by a program or a token of the cloud. kubeadm
    /// fills it in: a configuration beside one of kubeadm is not judged. Settings are read from a
    /// `KubeletConfiguration`, also inside a ConfigMap, from the command line of a kubelet, and
    /// from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// rotateCertificates: false
    /// #                   ^^^^^ kubelet of KubeletConfiguration does not renew its client certificate
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// rotateCertificates: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-rotate-certificates",
        summary: "kubelet does not renew its client certificate",
        remedy: "Set `rotateCertificates: true`.",
        severity: Low,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_149",
            "trivy:KCV-0090",
            "kubescape:C-0182",
            "kics:kubelet_client_periodic_certificate_switch_disabled",
        ],
        security: true,
        cwe: &[298],
        controls: &[control::CREDENTIAL_ROTATION],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    if let Some(span) = component.is_off("rotate-certificates", false) {
        component.report(out, span, "rotate-certificates", "does not renew its client certificate");
    }
}

use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A kubelet can ask the API server for its serving certificate and renew it. Switched off, by
    /// its setting or by the feature gate `RotateKubeletServerCertificate`, it serves a certificate
    /// of its own that nobody can verify and nobody renews.
    ///
    /// It is fine where `tlsCertFile` names a certificate that something else renews. Settings are
    /// read from a `KubeletConfiguration`, also inside a ConfigMap, from the command line of a
    /// kubelet, and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// serverTLSBootstrap: false
    /// #                   ^^^^^ kubelet of KubeletConfiguration does not renew its serving certificate
    /// ```
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// featureGates:
    ///   RotateKubeletServerCertificate: false
    /// # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kubelet of KubeletConfiguration does not renew its serving certificate
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// serverTLSBootstrap: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-rotate-server-certificate",
        summary: "kubelet does not renew its serving certificate",
        remedy: "Set `serverTLSBootstrap: true` and leave the feature gate alone.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "trivy:KCV-0091",
            "kubescape:C-0183",
            "kics:rotate_kubelet_server_certificate_not_active",
        ],
        security: true,
        cwe: &[298],
        controls: &[control::CREDENTIAL_ROTATION],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    let what = "does not renew its serving certificate";
    if let Some(span) = component.is_gated_off("RotateKubeletServerCertificate") {
        component.report(out, span, "feature-gates", what);
    }
    if component.flag("tls-cert-file").is_none()
        && let Some(span) = component.is_off("rotate-server-certificates", true)
    {
        component.report(out, span, "rotate-server-certificates", what);
    }
}

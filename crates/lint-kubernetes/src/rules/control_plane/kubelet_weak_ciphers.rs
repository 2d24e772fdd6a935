use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, weak_tls};

rule! {
    /// The default cipher suites are those that are safe. A list of one's own is often years old
    /// and brings back what has been broken since: RC4, 3DES, CBC modes, and key exchange without
    /// forward secrecy. TLS 1.0 and 1.1 are as old.
    ///
    /// Where no suites are named the defaults apply, and nothing is reported. Settings are read
    /// from a `KubeletConfiguration`, also inside a ConfigMap, from the command line of a kubelet,
    /// and from what kubeadm is told to add to it.
    ///
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// tlsCipherSuites:
    /// - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    /// - TLS_RSA_WITH_3DES_EDE_CBC_SHA
    /// # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kubelet of KubeletConfiguration offers `TLS_RSA_WITH_3DES_EDE_CBC_SHA`, whose blocks
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
    /// tlsMinVersion: VersionTLS12
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubelet-weak-ciphers",
        summary: "kubelet offers weak TLS",
        remedy: "Remove `tlsCipherSuites`, or name suites of ECDHE with GCM or ChaCha20 only.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_151",
            "trivy:KCV-0092",
            "kubescape:C-0184",
            "kics:weak_tls_cipher_suites",
        ],
        security: true,
        cwe: &[327],
        controls: &[control::TLS_ENABLED],
        references: &["https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Kubelet) {
        return;
    }
    for weakness in weak_tls(component) {
        component.report(out, weakness.span, weakness.flag, &weakness.what);
    }
}

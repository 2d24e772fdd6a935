use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::directive::Directives;
use crate::names::Shown;

rule! {
    /// The API server, the kubelet and etcd speak TLS 1.2 and above on their own. Whoever lowers
    /// the version lets clients negotiate one that is broken and that RFC 8996 forbids; scanners
    /// of CIS benchmarks fail the node.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: kube-apiserver, namespace: kube-system}
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command: [kube-apiserver, --tls-min-version=VersionTLS10]
    /// #                                               ^^^^^^^^^^^^ `tls-min-version` of `VersionTLS10` lets TLS under 1.2 in
    /// ```
    /// ```yaml bad
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// tlsMinVersion: VersionTLS11
    /// #              ^^^^^^^^^^^^ `tlsMinVersion` of `VersionTLS11` lets TLS under 1.2 in
    /// ```
    /// ```yaml good
    /// apiVersion: kubelet.config.k8s.io/v1beta1
    /// kind: KubeletConfiguration
    /// tlsMinVersion: VersionTLS13
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-control-plane-weak-tls",
        summary: "component of the control plane accepts TLS under 1.2",
        remedy: "Remove the setting, or set `VersionTLS12` or `VersionTLS13`.",
        severity: High,
        check: Check::Text(&["tls-min-version", "tlsMinVersion"], check),
        peers: &["kics:weak_tls_cipher_suites"],
        security: true,
        cwe: &[326],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8996",
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let Some(settings) = Directives::of(file) else { return };
    for name in ["tls-min-version", "tlsminversion"] {
        for setting in settings.named(name) {
            if setting.is(&["VersionTLS10", "VersionTLS11", "TLS1.0", "TLS1.1"]) {
                let message = format!(
                    "`{}` of `{}` lets TLS under 1.2 in",
                    Shown(setting.name),
                    Shown(setting.word())
                );
                out.report(setting.word_span(), message).evidence(setting.word());
            }
        }
    }
}

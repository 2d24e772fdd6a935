use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, weak_tls};

rule! {
    /// The default cipher suites are those that are safe. A list of one's own is often years old
    /// and brings back what has been broken since: RC4, 3DES, CBC modes, and key exchange without
    /// forward secrecy, by which recorded traffic can be read once the key leaks. TLS 1.0 and 1.1
    /// are as old.
    ///
    /// Where no suites are named the defaults apply, and nothing is reported.
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
    ///     - --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_CBC_SHA
    /// #                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` offers `TLS_RSA_WITH_AES_128_CBC_SHA`, which has no forward secrecy
    ///     - --tls-min-version=VersionTLS10
    /// #                       ^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` accepts TLS 1.0
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
    ///     - --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    ///     - --tls-min-version=VersionTLS12
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-weak-ciphers",
        summary: "API server offers weak TLS",
        remedy: "Remove `--tls-cipher-suites`, or name suites of ECDHE with GCM or ChaCha20 only.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_105",
            "kubescape:C-0143",
            "kubescape:C-0277",
            "kics:weak_tls_cipher_suites",
        ],
        security: true,
        cwe: &[327],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    for weakness in weak_tls(component) {
        component.report(out, weakness.span, weakness.flag, &weakness.what);
    }
}

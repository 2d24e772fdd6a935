use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// With the secure port at 0 the API server does not serve over TLS at all. What is left is the
    /// insecure port of old versions; a current one refuses to start.
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
    ///     - --secure-port=0
    /// #     ^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` does not serve over TLS
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
    ///     - --secure-port=6443
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-secure-port",
        summary: "API server does not serve over TLS",
        remedy: "Remove `--secure-port`, or set it to a port such as 6443.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_89",
            "trivy:KCV-0017",
            "kubescape:C-0128",
            "kics:secure_port_set_to_zero",
        ],
        security: true,
        cwe: &[319],
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
    if let Some((0, span)) = component.number("secure-port") {
        component.report(out, span, "secure-port", "does not serve over TLS");
    }
}

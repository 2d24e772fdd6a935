use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The insecure port skips authentication and authorization: whoever reaches it, a pod on the
    /// network of the node for example, is an administrator.
    ///
    /// Kubernetes removed it, and it is off where the flag is missing. A current API server does
    /// not start with the flag at all.
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
    ///     - --insecure-port=8080
    /// #     ^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` serves without any check at port 8080
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
        id: "apiserver-insecure-port",
        summary: "API server opens the insecure port",
        remedy: "Remove `--insecure-port`.",
        severity: High,
        check: Check::Component(check),
        peers: &["checkov:CKV_K8S_88", "kubescape:C-0005", "kics:insecure_port_not_properly_set"],
        security: true,
        cwe: &[306],
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
    if let Some((port, span)) = component.number("insecure-port").filter(|(port, _)| *port != 0) {
        let what = format!("serves without any check at port {port}");
        component.report(out, span, "insecure-port", &what);
    }
}

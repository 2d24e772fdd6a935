use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The insecure address skips authentication and authorization: whoever reaches it is an
    /// administrator.
    ///
    /// Kubernetes removed it. A current API server does not start with the flag.
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
    ///     - --insecure-bind-address=0.0.0.0
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` serves its API without TLS and without any check
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
        id: "apiserver-insecure-bind-address",
        summary: "API server serves without TLS and without any check",
        remedy: "Remove `--insecure-bind-address`.",
        severity: High,
        check: Check::Component(check),
        peers: &["checkov:CKV_K8S_86", "kics:insecure_bind_address_set"],
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
    if let Some(flag) = component.flag("insecure-bind-address") {
        component.report(
            out,
            flag.span,
            "insecure-bind-address",
            "serves its API without TLS and without any check",
        );
    }
}

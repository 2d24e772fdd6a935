use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// `AlwaysAllow` lets every request through, so that whoever can authenticate, a pod with its
    /// token included, is an administrator. It is also what applies where no mode is set at all.
    ///
    /// Where `--authorization-config` names a file with the authorizers, that file is judged.
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
    ///     - --authorization-mode=RBAC,AlwaysAllow
    /// #                               ^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` allows every request
    /// ```
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` allows every request
    ///     - --secure-port=6443
    /// ```
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AuthorizationConfiguration
    /// authorizers:
    /// - type: AlwaysAllow
    /// #       ^^^^^^^^^^^ kube-apiserver of AuthorizationConfiguration allows every request
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
    ///     - --authorization-mode=Node,RBAC
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-authorization-always-allow",
        summary: "API server allows every request",
        remedy: "Set `--authorization-mode=Node,RBAC`.",
        severity: Critical,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_74",
            "trivy:KCV-0007",
            "kubescape:C-0118",
            "kics:authorization_mode_set_to_always_allow",
        ],
        security: true,
        cwe: &[862],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/authorization/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    let what = "allows every request";
    if let Some(mode) = component.item("authorization-mode", "AlwaysAllow") {
        component.report(out, mode.span, "authorization-mode", what);
    } else if component.flag("authorization-config").is_none()
        && let Some(span) = component.lacks("authorization-mode")
    {
        component.report(out, span, "authorization-mode", what);
    }
}

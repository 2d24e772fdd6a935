use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Passwords in a file are stored in plain text, never expire and change only with a restart of
    /// the API server.
    ///
    /// Kubernetes removed the flag long ago: a current API server does not start with it.
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
    ///     - --basic-auth-file=/etc/kubernetes/users.csv
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` takes passwords from a file
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
        id: "apiserver-basic-auth-file",
        summary: "API server takes passwords from a file",
        remedy: "Remove `--basic-auth-file` and authenticate with certificates or OpenID Connect.",
        severity: High,
        check: Check::Component(check),
        peers: &["checkov:CKV_K8S_69", "kics:basic_auth_file_is_set"],
        security: true,
        cwe: &[256],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/authentication/"],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(flag) = component.flag("basic-auth-file") {
        component.report(out, flag.span, "basic-auth-file", "takes passwords from a file");
    }
}
